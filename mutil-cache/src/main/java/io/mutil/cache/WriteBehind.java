package io.mutil.cache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes the newest of what is to be written for each key. While one value of a key is written the next waits, and one that
 * comes meanwhile takes the place of the one that waits; so an older value never ends up over a newer one, and no key has more
 * than two in memory.
 *
 * <p>What could not be written is kept until a newer one comes or it is tried again.
 */
final class WriteBehind {
    /** Writes a value, or removes it where it is null. */
    interface Writer {
        /** Does it. */
        void write(String key, byte @Nullable [] value) throws IOException;
    }

    /** Values and futures of one key. */
    private static final class Lane {
        private @Nullable Write waiting;
        private @Nullable Write running;
        private @Nullable Write failed;

        private boolean isEmpty() {
            return waiting == null && running == null && failed == null;
        }
    }

    private static final class Write {
        private final byte @Nullable [] value;
        private final CompletableFuture<Void> done;

        Write(byte @Nullable [] value, CompletableFuture<Void> done) {
            this.value = value;
            this.done = done;
        }
    }

    /** A change of a key, and when it is on the disk. */
    record Change(String key, CompletableFuture<Void> done) {}

    private final Writer writer;
    private final Executor executor;
    private final int maxWaiting;
    private final ReentrantLock lock;
    private final LongAdder written = new LongAdder();
    private final LongAdder coalesced = new LongAdder();
    private final LongAdder failures = new LongAdder();
    // both with the lock
    private final Map<String, Lane> lanes = new HashMap<>();
    private int waiting;

    /**
     * Begins with nothing to write.
     *
     * @param lock with which the caller orders its changes
     * @param maxWaiting of how many keys values may wait, before the thread that brings one more has to write it
     */
    WriteBehind(Writer writer, Executor executor, ReentrantLock lock, int maxWaiting) {
        this.writer = writer;
        this.executor = executor;
        this.lock = lock;
        this.maxWaiting = maxWaiting;
    }

    /** Takes a value that is newer than all before. With the lock; afterwards, without it, comes {@link #run} or {@link #start}. */
    Change add(String key, byte @Nullable [] value) {
        Lane lane = lanes.computeIfAbsent(key, k -> new Lane());
        Write before = lane.waiting;
        if (before != null) {
            coalesced.increment();
        } else {
            waiting++;
        }
        lane.failed = null;
        lane.waiting = new Write(value, before == null ? new CompletableFuture<>() : before.done);
        return new Change(key, lane.waiting.done);
    }

    /** Writes what waits for a key on this thread, unless another thread is at it, which then goes on with it. */
    void run(String key) {
        if (writeOne(key)) {
            start(key);
        }
    }

    /** Has what waits for a key written by the executor; or by this thread if too much waits already. */
    void start(String key) {
        try {
            if (!isTooMuch()) {
                executor.execute(() -> runAll(key));
                return;
            }
        } catch (RejectedExecutionException e) {
            // then here
        }
        runAll(key);
    }

    private boolean isTooMuch() {
        lock.lock();
        try {
            return waiting > maxWaiting;
        } finally {
            lock.unlock();
        }
    }

    private void runAll(String key) {
        boolean more = true;
        while (more) {
            more = writeOne(key);
        }
    }

    /** Gives whether there is more, which then is up to this thread. */
    private boolean writeOne(String key) {
        Write write = take(key);
        if (write == null) {
            return false;
        }
        Throwable failure = null;
        try {
            writer.write(key, write.value);
            written.increment();
        } catch (Throwable e) {
            failures.increment();
            failure = e;
        }
        boolean more = finish(key, write, failure != null);
        if (failure == null) {
            write.done.complete(null);
        } else {
            write.done.completeExceptionally(failure);
        }
        return more;
    }

    private @Nullable Write take(String key) {
        lock.lock();
        try {
            Lane lane = lanes.get(key);
            if (lane == null || lane.running != null || lane.waiting == null) {
                return null;
            }
            lane.running = lane.waiting;
            lane.waiting = null;
            waiting--;
            return lane.running;
        } finally {
            lock.unlock();
        }
    }

    private boolean finish(String key, Write write, boolean hasFailed) {
        lock.lock();
        try {
            Lane lane = lanes.get(key);
            if (lane == null) {
                return false;
            }
            lane.running = null;
            lane.failed = hasFailed && lane.waiting == null ? write : null;
            if (lane.isEmpty()) {
                lanes.remove(key);
            }
            return lane.waiting != null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes part in a change that this thread waits for, as the executor may never run what it took, or have no thread but this
     * one: writes what waits for the key, unless another thread is at it.
     *
     * @return what to wait for; if the change itself is not done then, this is to be called again
     */
    CompletableFuture<Void> help(Change change) {
        while (true) {
            run(change.key);
            CompletableFuture<Void> next = next(change);
            if (next != null) {
                return next;
            }
        }
    }

    /** What a change waits for; null if nobody is at it. */
    private @Nullable CompletableFuture<Void> next(Change change) {
        lock.lock();
        try {
            Lane lane = lanes.get(change.key);
            Write next = lane == null ? null : lane.waiting;
            if (lane == null || next == null || next.done != change.done) {
                return change.done;
            }
            Write before = lane.running;
            return before == null ? null : before.done;
        } finally {
            lock.unlock();
        }
    }

    /** Tries again what has failed; gives all that is not done yet. */
    List<Change> retry() {
        var again = new ArrayList<String>();
        var changes = new ArrayList<Change>();
        lock.lock();
        try {
            lanes.forEach((key, lane) -> {
                Write failed = lane.failed;
                if (failed != null) {
                    lane.failed = null;
                    lane.waiting = new Write(failed.value, new CompletableFuture<>());
                    waiting++;
                    again.add(key);
                }
                for (Write write : new @Nullable Write[] {lane.running, lane.waiting}) {
                    if (write != null) {
                        changes.add(new Change(key, write.done));
                    }
                }
            });
        } finally {
            lock.unlock();
        }
        again.forEach(this::start);
        return changes;
    }

    /** How many keys have a value that could not be written. */
    long unwritten() {
        return count(true);
    }

    /** How many keys have a value that waits or is being written. */
    long pending() {
        return count(false);
    }

    private long count(boolean failed) {
        lock.lock();
        try {
            return lanes.values().stream()
                    .filter(lane -> failed == (lane.failed != null))
                    .count();
        } finally {
            lock.unlock();
        }
    }

    long written() {
        return written.sum();
    }

    long coalesced() {
        return coalesced.sum();
    }

    long failures() {
        return failures.sum();
    }
}
