package io.mutil.s4lru;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** Choices for an {@link S4Lru}. Single use, not thread-safe. */
public final class S4LruBuilder {
    private final long capacity;
    private static final int DEFAULT_LEVELS = 4;

    private int levels;
    private double[] shares = {};
    private Promotion promotion = Promotion.ONE_LEVEL;
    private boolean compatible;
    private boolean tinyLfu;
    private @Nullable Path file;
    private RandomGenerator random = new SplittableRandom();
    private Pace pace = Pace.DEFAULT;
    private ThreadFactory threads = task -> {
        var thread = new Thread(task, "s4lru-journal");
        thread.setDaemon(true);
        return thread;
    };

    S4LruBuilder(long capacity) {
        checkCapacity(capacity);
        this.capacity = capacity;
    }

    static void checkCapacity(long capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be positive, was " + capacity);
        }
    }

    /**
     * How many levels, of equal shares unless {@link #shares} are given.
     *
     * @param levels from 1 to 64; default as many as shares, else 4
     */
    public S4LruBuilder levels(int levels) {
        this.levels = checkLevels(levels);
        return this;
    }

    private static int checkLevels(int levels) {
        if (levels < 1 || levels > Entries.MAX_LEVELS) {
            throw new IllegalArgumentException("levels must be from 1 to " + Entries.MAX_LEVELS + ", was " + levels);
        }
        return levels;
    }

    /**
     * How the capacity is shared among the levels.
     *
     * @param shares one for each level, coldest first, each positive; only how they relate matters
     */
    public S4LruBuilder shares(double... shares) {
        checkLevels(shares.length);
        double sum = Arrays.stream(shares).sum();
        for (double share : shares) {
            if (!(share > 0) || !Double.isFinite(sum)) {
                throw new IllegalArgumentException("each share must be positive, was " + share);
            }
        }
        this.shares = Arrays.stream(shares).map(share -> share / sum).toArray();
        return this;
    }

    private double[] sharesOfLevels() {
        int count = levels > 0 ? levels : shares.length > 0 ? shares.length : DEFAULT_LEVELS;
        if (shares.length > 0 && shares.length != count) {
            throw new IllegalStateException(count + " levels() and " + shares.length
                    + " shares(): give one share for each level, or leave one out");
        }
        return shares.length > 0
                ? shares
                : DoubleStream.generate(() -> 1.0 / count).limit(count).toArray();
    }

    /** How many levels a hit goes up. Default {@link Promotion#ONE_LEVEL}. */
    public S4LruBuilder promotion(Promotion promotion) {
        this.promotion = requireNonNull(promotion, "promotion");
        return this;
    }

    /**
     * Keeps a new key only if it was asked for more often than the key that would go for it (TinyLFU). Better where
     * much is asked for once or in loops longer than the capacity, worse on most web and file traffic. Default off.
     */
    public S4LruBuilder tinyLfu() {
        tinyLfu = true;
        return this;
    }

    /**
     * Follows the rules of the Python library to the letter: new keys enter at the cold end, sizes do not change once
     * they are known, each eviction brings every level down to an equal share in one pass of at most 26 keys, and order
     * within a level is kept by number of hits only. For programs that share a state with it or compare with it.
     */
    public S4LruBuilder compatible() {
        compatible = true;
        return this;
    }

    /** Keeps the state in {@code sn4lru-<name>.sqlite} in the working directory, as the Python library does. */
    public S4LruBuilder name(String name) {
        if (name.isEmpty() || name.contains("/") || name.contains("\\")) {
            throw new IllegalArgumentException("name must be part of a file name, was \"" + name + "\"");
        }
        return persistTo(Path.of("sn4lru-" + name + ".sqlite"));
    }

    /** Keeps the state in a file. */
    public S4LruBuilder persistTo(Path file) {
        this.file = requireNonNull(file, "file");
        return this;
    }

    /**
     * How far the state file may be behind, and so how much a crash or a loss of power may take.
     *
     * @param rows of new and removed keys, from 1 to 1,000,000; default 10,000. Eight times as many may wait while the
     *     disk is slow, then threads with new keys wait too
     * @param every the time after which anything is written, from 1 ms to 1 day; default 1 s
     */
    public S4LruBuilder commitEvery(int rows, Duration every) {
        pace = new Pace(rows, every);
        return this;
    }

    /** For tests: what would else be chance. */
    S4LruBuilder random(RandomGenerator random) {
        this.random = random;
        return this;
    }

    /** Makes the thread that writes the state. Default: daemon threads named {@code s4lru-journal}. */
    public S4LruBuilder threadFactory(ThreadFactory threads) {
        this.threads = requireNonNull(threads, "threads");
        return this;
    }

    /**
     * Opens the LRU, with the keys of the state if there is one.
     *
     * @throws StateInUseException if the state is open already
     * @throws IOException if the state cannot be opened or is damaged
     * @throws IllegalStateException if choices exclude each other
     */
    public S4Lru open() throws IOException {
        shares = sharesOfLevels();
        if (compatible && (tinyLfu || Arrays.stream(shares).distinct().count() > 1)) {
            throw new IllegalStateException("compatible() excludes tinyLfu() and unequal shares()");
        }
        var lock = new ReentrantLock();
        var entries = new Entries(random, shares.length);
        var levels = new Levels(entries, shares.length);
        if (file != null) {
            return open(file, lock, entries, levels);
        }
        Ledger ledger = ledger(entries, levels, Changes.IGNORED);
        return new S4Lru(lock, entries, ledger, hits(ledger), promotion, null);
    }

    private S4Lru open(Path file, ReentrantLock lock, Entries entries, Levels levels) throws IOException {
        StateFile state = StateFile.open(file);
        try {
            return compatible ? openTable(state, lock, entries, levels) : openLog(state, lock, entries, levels);
        } catch (SQLException e) {
            state.closeAfter(e);
            throw StateFile.explained(file, e);
        } catch (RuntimeException | Error e) {
            state.closeAfter(e);
            throw e;
        }
    }

    private S4Lru openLog(StateFile state, ReentrantLock lock, Entries entries, Levels levels) throws SQLException {
        var recorder = new LogRecorder(entries, lock);
        boolean byTable = new LogLoader(entries, levels, recorder, state).load();
        return lru(lock, entries, levels, recorder, state, byTable);
    }

    private S4Lru openTable(StateFile state, ReentrantLock lock, Entries entries, Levels levels) throws SQLException {
        if (state.lastJournalId() > 0) {
            foldJournal(state);
        }
        entries.reserve(state.count());
        var recorder = new TableRecorder(entries, lock);
        state.read("ORDER BY level, count, rowid", (row, key, size, level) -> {
            int slot = entries.add(key, size, Math.min(level, levels.top()));
            recorder.loaded(slot, row);
            levels.pushHead(slot, entries.level(slot));
        });
        return lru(lock, entries, levels, recorder, state, false);
    }

    /** What the other policy left, so that the table tells all. */
    private void foldJournal(StateFile state) throws SQLException {
        var lock = new ReentrantLock();
        var entries = new Entries(random, Entries.MAX_LEVELS);
        var recorder = new LogRecorder(entries, lock);
        new LogLoader(entries, new Levels(entries, Entries.MAX_LEVELS), recorder, state).load();
        recorder.fold(state, Recorder.Breath.NONE, true);
        state.forgetJournal(Long.MAX_VALUE);
    }

    private S4Lru lru(
            ReentrantLock lock, Entries entries, Levels levels, Recorder recorder, StateFile state, boolean fold) {
        Ledger ledger = ledger(entries, levels, recorder);
        HitBuffers hits = hits(ledger);
        var journal = new Journal(state, recorder, lock, hits::drain, pace, threads);
        var lru = new S4Lru(lock, entries, ledger, hits, promotion, journal);
        journal.start(fold);
        return lru;
    }

    private Ledger ledger(Entries entries, Levels levels, Changes changes) {
        Policy policy = compatible
                ? new CompatiblePolicy(entries, levels, changes)
                : new SegmentedPolicy(
                        entries, levels, changes, shares, tinyLfu ? new Admission(entries, random) : null);
        return new Ledger(entries, levels, policy, changes, capacity);
    }

    private static HitBuffers hits(Ledger ledger) {
        return new HitBuffers(Runtime.getRuntime().availableProcessors(), ledger::hit);
    }
}
