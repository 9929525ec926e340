package io.mutil.s4lru;

import static io.mutil.s4lru.Arena.HASH;
import static io.mutil.s4lru.Arena.NEXT;
import static io.mutil.s4lru.Arena.PREVIOUS;
import static io.mutil.s4lru.Arena.STATE;
import static io.mutil.s4lru.Arena.WORDS;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.random.RandomGenerator;

/**
 * The keys with what is known of each, in primitive arrays: an entry is a slot number.
 *
 * <p>A slot has six words: links to both neighbours; hash; level, flags and hits; number of its last move. Free slots are
 * chained through their links. The first slots stand for the levels, each in a ring with its
 * entries, so that no list has an end to take care of. The index over the keys is an open-addressing table with linear probing.
 *
 * <p>Writers hold the lock of the LRU. {@link #look} is for readers without it: a version that is odd while the index
 * changes (a sequence lock) tells them whether what they saw was whole.
 */
final class Entries {
    static final int NONE = -1;

    /** {@link #look} saw a change in progress, or the key with another size. */
    static final long UNSURE = -1;
    /** {@link #look} saw that the key is not there. */
    static final long ABSENT = -2;

    static final long ANY_SIZE = -1;

    static final int LIVE = 1 << 6;
    /** Pinned, or proposed for eviction: in no level's list. */
    static final int ASIDE = 1 << 7;
    /** New since the cache was full, not yet weighed against a victim. */
    static final int CANDIDATE = 1 << 8;
    /** Moved or new since the last commit. */
    static final int DIRTY = 1 << 9;
    /** Never committed. */
    static final int FRESH = 1 << 10;
    /** Committed to the journal, without a row in the table. */
    static final int ROWLESS = 1 << 11;
    /** Changed since its row in the table was written. */
    static final int STALE = 1 << 12;

    static final int MAX_LEVELS = 64;

    /** So that a word has an int for its index. */
    private static final int MAX_SLOTS = 1 << 27;

    private static final int LEVEL = MAX_LEVELS - 1;
    private static final int HITS_SHIFT = 16;
    private static final int MAX_HITS = 0xFFFF;

    /** Longer probes than chance produces: somebody chooses keys with equal hash codes. */
    private static final int SUSPICIOUS_PROBES = 256;

    private static final VarHandle VERSION;

    static {
        try {
            VERSION = MethodHandles.lookup().findVarHandle(Entries.class, "version", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final RandomGenerator random;

    private long version;
    private Arena arena = new Arena();
    private int free = NONE;
    private int used;
    private int count;

    Entries(RandomGenerator random, int levels) {
        this.random = random;
        while (used < levels) {
            if (used == arena.keys.length) {
                growSlots();
            }
            arena.words[used * WORDS + PREVIOUS] = used;
            arena.words[used * WORDS + NEXT] = used;
            used++;
        }
    }

    // ---- for readers without the lock

    /**
     * Looks a key up without the lock.
     *
     * @param size what its size should be, or {@link #ANY_SIZE}
     * @return a {@linkplain Hit hit}, {@link #ABSENT}, or {@link #UNSURE}: ask again with the lock
     */
    long look(String key, long size) {
        long before = (long) VERSION.getAcquire(this);
        if ((before & 1) != 0) {
            return UNSURE;
        }
        Arena seen = arena;
        int hash = seen.hash(key);
        int slot = seen.find(key, hash);
        boolean otherSize = slot != NONE && size != ANY_SIZE && seen.sizes[slot] != size;
        VarHandle.acquireFence();
        if (otherSize || (long) VERSION.getOpaque(this) != before) {
            return UNSURE;
        }
        return slot == NONE ? ABSENT : Hit.of(slot, hash);
    }

    /** Whether the entry that was hit is still there. */
    boolean isCurrent(long hit) {
        int at = Hit.slot(hit) * WORDS;
        return (arena.words[at + STATE] & LIVE) != 0 && Hit.hasHash(hit, arena.words[at + HASH]);
    }

    // ---- with the lock

    int find(String key) {
        return arena.find(key, arena.hash(key));
    }

    /** Adds a key that is not there. */
    int add(String key, long size, int level) {
        if (free == NONE && used == arena.keys.length) {
            growSlots();
        }
        if (isCrowded(count + 1)) {
            growIndex();
        }
        int slot = free;
        if (slot == NONE) {
            slot = used++;
        } else {
            free = next(slot);
        }
        int hash = arena.hash(key);
        beginChange();
        int at = slot * WORDS;
        arena.keys[slot] = key;
        arena.words[at + PREVIOUS] = NONE;
        arena.words[at + NEXT] = NONE;
        arena.words[at + HASH] = hash;
        arena.words[at + STATE] = LIVE | level;
        arena.sizes[slot] = size;
        arena.setMove(slot, 0);
        int probes = arena.enter(slot, hash);
        endChange();
        count++;
        if (probes > SUSPICIOUS_PROBES && arena.seed == 0) {
            reseed();
        }
        return slot;
    }

    /** Frees a slot that is in no list. */
    void remove(int slot) {
        beginChange();
        arena.leave(slot, hash(slot));
        arena.keys[slot] = null;
        arena.words[slot * WORDS + STATE] = 0;
        endChange();
        setNext(slot, free);
        free = slot;
        count--;
    }

    /** Makes readers ask with the lock from now on. Nothing may be added or removed after that. */
    void close() {
        beginChange();
    }

    private void beginChange() {
        VERSION.setOpaque(this, version + 1);
        VarHandle.releaseFence();
    }

    private void endChange() {
        VERSION.setRelease(this, version + 1);
    }

    /** Makes room for so many at once, so that less is copied on the way. */
    void reserve(int more) {
        int slots = (int) Math.min(MAX_SLOTS, (long) used + more);
        if (slots > arena.keys.length) {
            replace(arena.withRoom(slots));
        }
        while (isCrowded(slots)) {
            growIndex();
        }
    }

    private boolean isCrowded(int keys) {
        return keys * 5L > arena.index.length * 3L;
    }

    private void growSlots() {
        int old = arena.keys.length;
        if (old == MAX_SLOTS) {
            throw new IllegalStateException("there are " + old + " keys, and no more fit into one S4Lru; evict some");
        }
        int grown = old < 4096 ? old * 2 : Math.min(MAX_SLOTS, old + (old >> 2));
        replace(arena.withRoom(grown));
    }

    private void growIndex() {
        Arena grown = arena.withIndex(arena.index.length * 2, arena.seed);
        for (int slot = 0; slot < used; slot++) {
            if (is(slot, LIVE)) {
                grown.enter(slot, hash(slot));
            }
        }
        replace(grown);
    }

    /** Rebuilds the index over hashes that nobody outside can foresee. */
    private void reseed() {
        Arena seeded = arena.withIndex(arena.index.length, random.nextLong() | 1);
        beginChange();
        for (int slot = 0; slot < used; slot++) {
            String key = arena.keys[slot];
            if (key != null) {
                int hash = seeded.hash(key);
                arena.words[slot * WORDS + HASH] = hash;
                seeded.enter(slot, hash);
            }
        }
        arena = seeded;
        endChange();
    }

    private void replace(Arena next) {
        beginChange();
        arena = next;
        endChange();
    }

    int count() {
        return count;
    }

    /** Slots that are or were in use are below this. */
    int used() {
        return used;
    }

    String key(int slot) {
        String key = arena.keys[slot];
        if (key == null) {
            throw new IllegalStateException("slot " + slot + " is free");
        }
        return key;
    }

    int hash(int slot) {
        return arena.words[slot * WORDS + HASH];
    }

    long size(int slot) {
        return arena.sizes[slot];
    }

    void setSize(int slot, long size) {
        arena.sizes[slot] = size;
    }

    /** Entries of one level, from hottest to coldest, have falling numbers. */
    long move(int slot) {
        return arena.move(slot);
    }

    void setMove(int slot, long number) {
        arena.setMove(slot, number);
    }

    int previous(int slot) {
        return arena.words[slot * WORDS + PREVIOUS];
    }

    int next(int slot) {
        return arena.words[slot * WORDS + NEXT];
    }

    private void setNext(int slot, int other) {
        arena.words[slot * WORDS + NEXT] = other;
    }

    /** Puts an entry that is in no list behind another, or behind a level: at its hot end. */
    void link(int slot, int before) {
        int[] words = arena.words;
        int after = words[before * WORDS + NEXT];
        words[slot * WORDS + PREVIOUS] = before;
        words[slot * WORDS + NEXT] = after;
        words[before * WORDS + NEXT] = slot;
        words[after * WORDS + PREVIOUS] = slot;
    }

    void unlink(int slot) {
        int[] words = arena.words;
        int before = words[slot * WORDS + PREVIOUS];
        int after = words[slot * WORDS + NEXT];
        words[before * WORDS + NEXT] = after;
        words[after * WORDS + PREVIOUS] = before;
    }

    int level(int slot) {
        return arena.words[slot * WORDS + STATE] & LEVEL;
    }

    void setLevel(int slot, int level) {
        int at = slot * WORDS + STATE;
        arena.words[at] = (arena.words[at] & ~LEVEL) | level;
    }

    boolean is(int slot, int flags) {
        return (arena.words[slot * WORDS + STATE] & flags) != 0;
    }

    void set(int slot, int flags) {
        arena.words[slot * WORDS + STATE] |= flags;
    }

    void clear(int slot, int flags) {
        arena.words[slot * WORDS + STATE] &= ~flags;
    }

    /** Hits since they were last {@linkplain #takeHits taken}. */
    int hits(int slot) {
        return arena.words[slot * WORDS + STATE] >>> HITS_SHIFT;
    }

    /** Counts one, unless no more can be counted before some are taken. */
    boolean countHit(int slot) {
        if (hits(slot) == MAX_HITS) {
            return false;
        }
        arena.words[slot * WORDS + STATE] += 1 << HITS_SHIFT;
        return true;
    }

    int takeHits(int slot) {
        int hits = hits(slot);
        arena.words[slot * WORDS + STATE] &= (1 << HITS_SHIFT) - 1;
        return hits;
    }
}
