package io.mutil.s4lru;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
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
 * for it. A crash of the process, or a loss of power if the disk keeps its promises, loses at most what was not written yet;
 * what the caller stored and deleted meanwhile is compared with the keys at the next start, as the README shows. One process at
 * a time has it open.
 *
 * <p>Safe for use by many threads. Hits take no lock; between threads that run into each other a few of them may not move
 * their key, and after a thousand hits in a row with nothing else between them only one in sixteen does, until the next new
 * key, eviction or commit. Everything else takes one lock for a short time; what takes it for longer says so.
 */
public final class S4Lru implements AutoCloseable {
    /** How many keys one moment of the lock gives up at most. */
    private static final int PER_LOCK = 1024;

    private final ReentrantLock lock;
    private final Entries entries;
    private final Ledger ledger;
    private final HitBuffers hits;
    private final Survey survey;
    private final Promotion promotion;
    private final boolean sizesMayChange;
    private final @Nullable Journal journal;
    /** With the lock. */
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

    S4Lru(
            ReentrantLock lock,
            Entries entries,
            Ledger ledger,
            HitBuffers hits,
            Promotion promotion,
            @Nullable Journal journal) {
        this.lock = lock;
        this.entries = entries;
        this.ledger = ledger;
        this.hits = hits;
        this.promotion = promotion;
        this.journal = journal;
        survey = ledger.survey();
        sizesMayChange = ledger.sizesMayChange();
    }

    // ---- verbs

    /**
     * Says that a key was stored or used: a new one enters, a known one goes up as the {@linkplain S4LruBuilder#promotion
     * promotion} says, by default one level.
     *
     * <p>A new key waits while the state file is {@linkplain S4LruBuilder#commitEvery too far behind}; an interrupt does not
     * end that.
     *
     * @param size of what the key names, zero or more; another one than before is taken over
     * @return whether the key was known
     * @throws IllegalArgumentException if the size is negative, the key has half a surrogate pair, or the sizes together would
     *     pass 2^63-1
     * @throws IllegalStateException if this is closed, or the key is new and there are about 2^27 already
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
        long recorded = Hit.up(up, hit);
        if (!hits.record(recorded)) {
            drainAndRecord(recorded);
        }
        return true;
    }

    private void drainAndRecord(long hit) {
        if (lock.tryLock()) {
            try {
                hits.drainFull(hit);
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean touchLocked(String key, long size, int up) {
        lock.lock();
        try {
            ensureOpen();
            hits.drain();
            int slot = entries.find(key);
            if (slot == Entries.NONE && journal != null && journal.awaitRoom()) {
                ensureOpen();
                slot = entries.find(key);
            }
            if (slot == Entries.NONE) {
                ledger.insert(key, size, up);
                return false;
            }
            ledger.touch(slot, size, up);
            return true;
        } finally {
            lock.unlock();
        }
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
        return change(() -> ledger.remove(key));
    }

    /**
     * Keeps a key from being given up until it is {@linkplain #unpin unpinned} as often as it was pinned. A pinned key
     * counts with its size, but in no level. Pins do not survive a restart.
     *
     * @return false if the key is not known, or is being given up by a {@link Proposal}
     */
    public boolean pin(String key) {
        return change(() -> ledger.pin(key));
    }

    /**
     * Takes one pin off a key; with the last one it goes to the hot end of its level.
     *
     * @return false if the key is not pinned
     */
    public boolean unpin(String key) {
        return change(() -> ledger.unpin(key));
    }

    private <T> T change(Supplier<T> work) {
        lock.lock();
        try {
            ensureOpen();
            hits.drain();
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    // ---- giving up

    /**
     * Gives up the coldest keys until the total is at most the capacity, and not one more. Pinned and proposed keys stay. What
     * is proposed counts as gone already, so {@link #size} may stay above the capacity until it is confirmed; what is given back
     * is up to the next eviction.
     *
     * <p>The lock is free now and then, so that others need not wait for all of a large eviction.
     *
     * @return the keys whose data the caller has to delete, coldest first; empty if nothing has to go. If another thread closes
     *     this meanwhile, those that were given up before
     * @throws IllegalStateException if this is closed
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
        return evict(maxKeys, ledger::evict);
    }

    /**
     * Gives up the coldest keys until the total is at most {@code target}, as {@link #evict()} does for the capacity.
     *
     * @param target zero or more, in the caller's units
     */
    public List<Evicted> evictTo(long target) {
        Sizes.check(target);
        return evict(Integer.MAX_VALUE, most -> ledger.evictTo(target, most));
    }

    private List<Evicted> evict(int maxKeys, IntFunction<List<Evicted>> some) {
        var evicted = new ArrayList<Evicted>();
        int before;
        do {
            before = evicted.size();
            evict(Math.min(PER_LOCK, maxKeys - before), some, evicted);
        } while (evicted.size() - before == PER_LOCK && evicted.size() < maxKeys);
        return evicted;
    }

    private void evict(int most, IntFunction<List<Evicted>> some, List<Evicted> evicted) {
        lock.lock();
        try {
            if (closed && !evicted.isEmpty()) {
                // these are out of the state, and nobody else can tell the caller
                return;
            }
            ensureOpen();
            hits.drain();
            evicted.addAll(some.apply(most));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Proposes what {@link #evict()} would give up, for a caller whose deleting may fail.
     *
     * @param maxKeys zero or more
     */
    public Proposal propose(int maxKeys) {
        checkKeys(maxKeys);
        return change(() -> ledger.propose(maxKeys, keys -> new Proposal(this, keys)));
    }

    boolean confirm(Proposal proposal, String key) {
        return answer(() -> ledger.confirm(proposal, key));
    }

    boolean giveBack(Proposal proposal, String key) {
        return answer(() -> ledger.giveBack(proposal, key));
    }

    private boolean answer(BooleanSupplier work) {
        lock.lock();
        try {
            hits.drain();
            return !closed && work.getAsBoolean();
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
        change(() -> {
            ledger.setCapacity(capacity);
            return true;
        });
    }

    // ---- questions

    /** What the sizes of all keys together should not pass. */
    public long capacity() {
        return ask(ledger::capacity);
    }

    /** The sizes of all keys together. */
    public long size() {
        return ask(ledger::size);
    }

    /** How many keys there are. */
    public int count() {
        return (int) ask(entries::count);
    }

    private long ask(LongSupplier question) {
        lock.lock();
        try {
            return question.getAsLong();
        } finally {
            lock.unlock();
        }
    }

    /** Each level, coldest first. */
    public List<LevelStats> levels() {
        return survey(survey::levels);
    }

    /**
     * All keys as they are now, from coldest to hottest; those that are held come last. Copies them with the lock, so threads
     * that need it wait for that; {@link #coldest} takes less time.
     */
    public List<Entry> entries() {
        return coldest(Integer.MAX_VALUE);
    }

    /**
     * The coldest keys as they are now, from coldest to hottest. Copies them with the lock, so threads that need it wait for
     * that.
     *
     * @param most zero or more
     */
    public List<Entry> coldest(int most) {
        checkKeys(most);
        return survey(() -> survey.coldest(most));
    }

    /** Counters since this was opened, and what it holds now. */
    public LruStats stats() {
        return survey(() -> journal == null
                ? ledger.stats(hits.recorded(), 0, false)
                : ledger.stats(hits.recorded(), journal.waiting(), journal.isFailing()));
    }

    private <T> T survey(Supplier<T> question) {
        lock.lock();
        try {
            hits.drain();
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    // ---- the state

    /**
     * Waits until all that happened before is in the state file, and its table as the Python library expects it. Does
     * nothing for an LRU in memory.
     *
     * <p>Looks at every key, however few have changed: for a moment before the file is copied or read by others, not for each
     * change. Other threads go on meanwhile.
     *
     * @throws IllegalStateException if this has a state file and is closed
     * @throws IOException if it could not be written; it is kept and tried again
     * @throws InterruptedException if interrupted while waiting; it is written all the same
     */
    public void flush() throws IOException, InterruptedException {
        if (journal != null) {
            journal.flush();
        }
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
            return "S4Lru[" + entries.count() + " keys, " + ledger.size() + " of " + ledger.capacity()
                    + (journal == null ? "" : ", " + journal) + "]";
        } finally {
            lock.unlock();
        }
    }

    /** With the lock. */
    private void ensureOpen() {
        if (closed) {
            throw new IllegalStateException("this S4Lru is closed");
        }
    }
}
