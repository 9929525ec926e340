package io.mutil.s4lru;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A segmented LRU of keys and sizes, whose data belong to the caller.
 *
 * <p>The caller touches a key when it stores or uses what the key names, and deletes what {@link #evict} gives up:
 *
 * <pre>{@code
 * try (S4Lru lru = S4Lru.open("blobs", 10L << 30)) {
 *     lru.touch("a.jpg", 48_211);
 *     for (Evicted old : lru.evict()) {
 *         Files.deleteIfExists(blobs.resolve(old.key()));
 *     }
 * }
 * }</pre>
 *
 * <p>New keys enter the lowest of four levels, a hit moves a key to the next one, and a level above its share hands its
 * coldest key down: S4LRU as in Huang et al., "An Analysis of Facebook Photo Caching" (SOSP 2013). Sizes are in any unit,
 * the capacity in the same. Nothing is given up before {@link #evict}: the total may pass the capacity until then.
 *
 * <p>The state is kept in an SQLite file that the Python library reads and writes too. A hit costs no I/O; what happened is
 * written by a thread of the LRU's own, at most {@linkplain S4LruBuilder#commitEvery one second} later, and {@link #flush} waits
 * for it. A crash of the process or the machine loses at most what was not written yet. One process at a time has it open.
 *
 * <p>Safe for use by many threads. Hits take no lock; between threads that run into each other a few of them may not move
 * their key, and of a thousand hits in a row with nothing else between them only some do from then on.
 */
public final class S4Lru implements AutoCloseable {
    /** How many keys one moment of the lock gives up at most. */
    private static final int PER_LOCK = 1024;

    private static final int LEVELS_SHIFT = 57;
    private static final int HASH_BITS = (1 << 25) - 1;

    private final ReentrantLock lock;
    private final Entries entries;
    private final Levels levels;
    private final Changes changes;
    private final Policy policy;
    private final Promotion promotion;
    private final boolean sizesMayChange;
    private final HitBuffers hits = new HitBuffers(Runtime.getRuntime().availableProcessors());
    private final LongConsumer apply = this::apply;
    private final @Nullable Journal journal;

    // with the lock
    private final Map<Integer, Integer> pins = new HashMap<>();
    private final Map<Integer, Proposal> proposals = new HashMap<>();
    private long capacity;
    private long size;
    private long proposedSize;
    private int held;
    private long lockedHits;
    private long inserts;
    private long evictions;
    private long evictedSize;
    private long removals;
    private boolean closed;

    /**
     * Opens the state {@code sn4lru-<name>.sqlite} of the working directory, which is made if it is not there.
     *
     * @param capacity of all keys together, in the caller's units, at least 1
     * @throws StateInUseException if it is open already
     * @throws IOException if it cannot be opened or is damaged
     */
    public static S4Lru open(String name, long capacity) throws IOException {
        return builder(capacity).name(name).open();
    }

    /**
     * Opens the state of a file, which is made if it is not there.
     *
     * @param capacity of all keys together, in the caller's units, at least 1
     * @throws StateInUseException if it is open already
     * @throws IOException if it cannot be opened or is damaged
     */
    public static S4Lru open(Path file, long capacity) throws IOException {
        return builder(capacity).persistTo(file).open();
    }

    /**
     * Starts an LRU with choices; without a name or file it is in memory only.
     *
     * @param capacity of all keys together, in the caller's units, at least 1
     */
    public static S4LruBuilder builder(long capacity) {
        return new S4LruBuilder(capacity);
    }

    S4Lru(Parts parts, long capacity) {
        lock = parts.lock();
        entries = parts.entries();
        levels = parts.levels();
        changes = parts.changes();
        policy = parts.policy();
        promotion = parts.promotion();
        sizesMayChange = parts.sizesMayChange();
        this.capacity = capacity;
        lock.lock();
        try {
            size = levels.size();
            policy.setCapacity(capacity);
        } finally {
            lock.unlock();
        }
        journal = parts.journal().apply(this::drain);
    }

    // ---- verbs

    /**
     * Says that a key was stored or used: a new one enters, a known one goes up as the {@linkplain S4LruBuilder#promotion
     * promotion} says, by default one level.
     *
     * @param size of what the key names, zero or more; another one than before is taken over
     * @return whether the key was known
     * @throws IllegalArgumentException if the key has half a surrogate pair, or the sizes together would pass 2^63-1
     * @throws IllegalStateException if this is closed
     * @throws UncheckedIOException if the key is new, the state file cannot be written and no more can wait for it
     */
    public boolean touch(String key, long size) {
        return touch(key, size, promotion.levels(key, size));
    }

    /**
     * As {@link #touch(String, long)}, with a promotion for this one time.
     *
     * @param up how many levels a known key goes up, zero or more; a new one enters that many above the lowest, less one
     */
    public boolean touch(String key, long size, int up) {
        Sizes.check(size);
        if (up < 0) {
            throw new IllegalArgumentException("levels to go up must not be negative, was " + up);
        }
        long hit = entries.look(key, sizesMayChange ? size : Entries.ANY_SIZE);
        if (hit < 0) {
            return touchLocked(key, size, up);
        }
        long recorded = (long) Math.min(up, Entries.MAX_LEVELS - 1) << LEVELS_SHIFT | hit;
        if (!hits.record(recorded)) {
            drainAndRecord(recorded);
        }
        return true;
    }

    private void drainAndRecord(long hit) {
        if (lock.tryLock()) {
            try {
                hits.drainFull(apply, hit);
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean touchLocked(String key, long size, int up) {
        lock.lock();
        try {
            ensureOpen();
            drain();
            int slot = entries.find(key);
            if (slot == Entries.NONE && journal != null && journal.awaitRoom()) {
                ensureOpen();
                slot = entries.find(key);
            }
            if (slot == Entries.NONE) {
                insert(key, size, Math.max(0, Math.min(up, levels.top() + 1) - 1));
                return false;
            }
            lockedHits++;
            hit(slot, up);
            if (sizesMayChange && entries.size(slot) != size) {
                resize(slot, size);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void insert(String key, long size, int level) {
        Sizes.checkSum(this.size, size);
        Keys.check(key);
        int slot = entries.add(key, size, level);
        this.size += size;
        inserts++;
        changes.inserted(slot, level);
        policy.insert(slot, level, this.size > capacity);
    }

    private void resize(int slot, long size) {
        long by = size - entries.size(slot);
        Sizes.checkSum(this.size, by);
        this.size += by;
        if (entries.is(slot, Entries.PROPOSED)) {
            proposedSize += by;
        }
        policy.resize(slot, size);
        changes.resized(slot);
    }

    /** Whether the key is there; does not touch it. */
    public boolean contains(String key) {
        long found = entries.look(key, Entries.ANY_SIZE);
        if (found != Entries.UNSURE) {
            return found != Entries.ABSENT;
        }
        lock.lock();
        try {
            return entries.find(key) != Entries.NONE;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Forgets a key, pinned or not: its data are gone.
     *
     * @return whether it was known
     */
    public boolean remove(String key) {
        lock.lock();
        try {
            ensureOpen();
            drain();
            int slot = entries.find(key);
            if (slot == Entries.NONE) {
                return false;
            }
            if (entries.is(slot, Entries.ASIDE)) {
                letGo(slot);
            } else {
                levels.unlink(slot);
            }
            removals++;
            free(slot);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Keeps a key from being given up until it is {@linkplain #unpin unpinned} as often as it was pinned. A pinned key
     * counts with its size, but in no level. Pins do not survive a restart.
     *
     * @return false if the key is not known, or is being given up by a {@link Proposal}
     */
    public boolean pin(String key) {
        lock.lock();
        try {
            ensureOpen();
            drain();
            int slot = entries.find(key);
            if (slot == Entries.NONE || entries.is(slot, Entries.PROPOSED)) {
                return false;
            }
            if (pins.merge(slot, 1, Math::addExact) == 1) {
                levels.unlink(slot);
                entries.set(slot, Entries.PINNED | Entries.ASIDE);
                held++;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes one pin off a key; with the last one it goes to the hot end of its level.
     *
     * @return false if the key is not pinned
     */
    public boolean unpin(String key) {
        lock.lock();
        try {
            ensureOpen();
            drain();
            int slot = entries.find(key);
            Integer pinned = slot == Entries.NONE ? null : pins.get(slot);
            if (pinned == null) {
                return false;
            }
            if (pinned > 1) {
                pins.put(slot, pinned - 1);
            } else {
                letGo(slot);
                policy.restore(slot);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends what held an entry, which is in no list yet. */
    private void letGo(int slot) {
        if (entries.is(slot, Entries.PROPOSED)) {
            proposals.remove(slot);
            proposedSize -= entries.size(slot);
        } else {
            pins.remove(slot);
        }
        entries.clear(slot, Entries.PINNED | Entries.PROPOSED | Entries.ASIDE);
        held--;
    }

    // ---- giving up

    /**
     * Gives up the coldest keys until the total is at most the capacity, and not one more. Pinned and proposed keys stay.
     *
     * @return the keys whose data the caller has to delete, coldest first; empty if nothing has to go
     */
    public List<Evicted> evict() {
        return evict(Integer.MAX_VALUE);
    }

    /**
     * As {@link #evict()}, but a few keys at a time.
     *
     * @param maxKeys zero or more
     */
    public List<Evicted> evict(int maxKeys) {
        checkKeys(maxKeys);
        return evict(maxKeys, (most, victims) -> policy.evict(size - proposedSize, most, victims));
    }

    /**
     * Gives up the coldest keys until the total is at most {@code target}.
     *
     * @param target zero or more, in the caller's units
     */
    public List<Evicted> evictTo(long target) {
        Sizes.check(target);
        return evict(Integer.MAX_VALUE, (most, victims) -> policy.take(size - proposedSize - target, most, victims));
    }

    private interface Choice {
        void take(int most, Ints victims);
    }

    private List<Evicted> evict(int maxKeys, Choice choice) {
        var evicted = new ArrayList<Evicted>();
        int before;
        do {
            before = evicted.size();
            evict(Math.min(PER_LOCK, maxKeys - before), choice, evicted);
        } while (evicted.size() - before == PER_LOCK && evicted.size() < maxKeys);
        return evicted;
    }

    private void evict(int most, Choice choice, List<Evicted> evicted) {
        var victims = new Ints();
        lock.lock();
        try {
            if (closed && !evicted.isEmpty()) {
                // these are out of the state, and nobody else can tell the caller
                return;
            }
            ensureOpen();
            drain();
            choice.take(most, victims);
            for (int i = 0; i < victims.size(); i++) {
                evicted.add(giveUp(victims.get(i)));
            }
        } finally {
            lock.unlock();
        }
    }

    private Evicted giveUp(int slot) {
        var evicted = new Evicted(entries.key(slot), entries.size(slot));
        evictions++;
        evictedSize += evicted.size();
        free(slot);
        return evicted;
    }

    private void free(int slot) {
        size -= entries.size(slot);
        changes.removed(slot);
        entries.remove(slot);
    }

    /**
     * Proposes what {@link #evict()} would give up, for a caller whose deleting may fail.
     *
     * @param maxKeys zero or more
     */
    public Proposal propose(int maxKeys) {
        checkKeys(maxKeys);
        var victims = new Ints();
        lock.lock();
        try {
            ensureOpen();
            drain();
            policy.take(size - proposedSize - capacity, maxKeys, victims);
            var keys = new ArrayList<Evicted>();
            for (int i = 0; i < victims.size(); i++) {
                keys.add(new Evicted(entries.key(victims.get(i)), entries.size(victims.get(i))));
            }
            var proposal = new Proposal(this, keys);
            for (int i = 0; i < victims.size(); i++) {
                setAside(victims.get(i), proposal);
            }
            return proposal;
        } finally {
            lock.unlock();
        }
    }

    private void setAside(int slot, Proposal proposal) {
        entries.set(slot, Entries.PROPOSED | Entries.ASIDE);
        proposals.put(slot, proposal);
        proposedSize += entries.size(slot);
        held++;
    }

    boolean confirm(Proposal proposal, String key) {
        return settle(proposal, key, this::giveUp);
    }

    boolean giveBack(Proposal proposal, String key) {
        return settle(proposal, key, policy::restore);
    }

    private boolean settle(Proposal proposal, String key, IntConsumer outcome) {
        lock.lock();
        try {
            drain();
            int slot = entries.find(key);
            if (closed || slot == Entries.NONE || proposals.get(slot) != proposal) {
                return false;
            }
            letGo(slot);
            outcome.accept(slot);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static void checkKeys(int maxKeys) {
        if (maxKeys < 0) {
            throw new IllegalArgumentException("maxKeys must not be negative, was " + maxKeys);
        }
    }

    /**
     * Changes the capacity; {@link #evict} gives up what is too much then.
     *
     * @param capacity of all keys together, in the caller's units, at least 1
     */
    public void resize(long capacity) {
        S4LruBuilder.checkCapacity(capacity);
        lock.lock();
        try {
            ensureOpen();
            drain();
            this.capacity = capacity;
            policy.setCapacity(capacity);
        } finally {
            lock.unlock();
        }
    }

    // ---- questions

    /** What the sizes of all keys together should not pass. */
    public long capacity() {
        return locked(() -> capacity);
    }

    /** The sizes of all keys together. */
    public long size() {
        return locked(() -> size);
    }

    /** How many keys there are. */
    public int count() {
        return (int) locked(entries::count);
    }

    private long locked(LongSupplier question) {
        lock.lock();
        try {
            return question.getAsLong();
        } finally {
            lock.unlock();
        }
    }

    /** Each level, coldest first. */
    public List<LevelStats> levels() {
        lock.lock();
        try {
            drain();
            var all = new ArrayList<LevelStats>();
            for (int level = 0; level <= levels.top(); level++) {
                all.add(new LevelStats(level, policy.capacity(level), levels.size(level), levels.count(level)));
            }
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** All keys as they are now, from coldest to hottest; those that are held come last. */
    public List<Entry> entries() {
        return coldest(Integer.MAX_VALUE);
    }

    /**
     * The coldest keys as they are now, from coldest to hottest.
     *
     * @param most zero or more
     */
    public List<Entry> coldest(int most) {
        checkKeys(most);
        lock.lock();
        try {
            drain();
            var all = new ArrayList<Entry>(Math.min(most, entries.count()));
            for (int level = 0; level <= levels.top(); level++) {
                for (int slot = levels.tail(level); slot != level && all.size() < most; slot = entries.previous(slot)) {
                    all.add(entry(slot));
                }
            }
            for (int slot = 0; slot < entries.used() && all.size() < Math.min(most, entries.count()); slot++) {
                if (entries.is(slot, Entries.ASIDE)) {
                    all.add(entry(slot));
                }
            }
            return all;
        } finally {
            lock.unlock();
        }
    }

    private Entry entry(int slot) {
        return new Entry(entries.key(slot), entries.size(slot), entries.level(slot), entries.is(slot, Entries.ASIDE));
    }

    /** Counters since this was opened, and what it holds now. */
    public LruStats stats() {
        lock.lock();
        try {
            drain();
            return new LruStats(
                    lockedHits + hits.recorded(),
                    inserts,
                    evictions,
                    evictedSize,
                    removals,
                    capacity,
                    size,
                    entries.count(),
                    held,
                    journal == null ? 0 : journal.waiting(),
                    journal != null && journal.isFailing());
        } finally {
            lock.unlock();
        }
    }

    // ---- the state

    /**
     * Waits until all that happened before is in the state file, and its table as the Python library expects it. Does
     * nothing for an LRU in memory.
     *
     * @throws IOException if it could not be written; it is kept and tried again
     * @throws InterruptedException if interrupted while waiting; it is written all the same
     */
    public void flush() throws IOException, InterruptedException {
        if (journal != null) {
            journal.flush();
        }
    }

    /** How many places the index looks at for the key that takes longest. */
    int longestProbe() {
        return (int) locked(entries::longestProbe);
    }

    /** The state, of an LRU that has one. */
    StateFile file() {
        return requireNonNull(journal, "in memory only").file();
    }

    /** Waits until new keys and removals are written, without the fold of {@link #flush}. */
    void commit() throws IOException, InterruptedException {
        if (journal != null) {
            journal.commit();
        }
    }

    /**
     * Writes what is left, and closes the state. A second call does nothing.
     *
     * @throws IOException if not all could be written; it is closed then too
     */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            entries.close();
        } finally {
            lock.unlock();
        }
        if (journal != null) {
            journal.close();
        }
    }

    @Override
    public String toString() {
        lock.lock();
        try {
            return "S4Lru[" + entries.count() + " keys, " + size + " of " + capacity
                    + (journal == null ? "" : ", " + journal) + "]";
        } finally {
            lock.unlock();
        }
    }

    // ---- with the lock

    private void ensureOpen() {
        if (closed) {
            throw new IllegalStateException("this S4Lru is closed");
        }
    }

    private void drain() {
        hits.drain(apply);
    }

    private void apply(long recorded) {
        int slot = Entries.slotOf(recorded);
        if (entries.isCurrent(slot, (int) (recorded >>> 32) & HASH_BITS)) {
            hit(slot, (int) (recorded >>> LEVELS_SHIFT));
        }
    }

    private void hit(int slot, int up) {
        changes.hit(slot);
        policy.hit(slot, up);
    }
}
