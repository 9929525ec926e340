package io.mutil.sqlshard;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What waits for the writer of a shard, in order; bounded by rows and by bytes. */
final class WriteQueue {
    /** So that a few large values do not fill the memory. */
    private static final long BYTES = 64 << 20;
    /** No longer than a commit should take; what is left stays queued. */
    private static final int GROUP_ROWS = 2048;

    /** A row alone in a commit costs nearly twice as much as one of eight. */
    private static final long GATHER_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    /** So many need not wait for more. */
    private static final int GATHER_ROWS = 256;

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Path file;
    private final int limit;
    private final boolean behind;
    private final long delayNanos;
    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition drained = lock.newCondition();
    private final Deque<Write<?>> waiting = new ArrayDeque<>();
    private final Pending pending = new Pending();
    private int rows;
    private long bytes;
    /** Nothing more may wait for others to come. */
    private boolean due;

    /** One write that comes alone does not wait for others; those of a burst do. */
    private int lastGroup;

    private long oldestSince;
    private boolean closed;
    private volatile @Nullable SQLException lastFailure;

    /** The clock counts nanoseconds. */
    WriteQueue(Path file, int limit, Durability durability, LongSupplier clock) {
        this.file = file;
        this.limit = limit;
        this.behind = durability.isBehind();
        this.delayNanos = behind ? durability.delayNanos() : GATHER_NANOS;
        this.clock = clock;
    }

    /**
     * Adds work; waits while the queue is full. One that is larger than the queue is let in when that is empty.
     *
     * @throws IOException if the queue is full of rows that cannot be written
     */
    void add(Write<?> write) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            awaitRoom(write);
            append(write);
            if (!write.isHelped() && (due || waiting.size() == 1)) {
                filled.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom(Write<?> write) throws IOException, InterruptedException {
        while (!closed && isFullFor(write)) {
            SQLException failure = lastFailure;
            if (failure != null) {
                throw SqlErrors.explained(failure, file);
            }
            due = true;
            filled.signal();
            drained.await();
        }
        if (closed) {
            throw new IllegalStateException("store is closed; open it again");
        }
    }

    private boolean isFullFor(Write<?> write) {
        return !waiting.isEmpty()
                && write.rows() > 0
                && (rows + (long) write.rows() > limit || bytes + write.size() > BYTES);
    }

    private void append(Write<?> write) {
        if (waiting.isEmpty()) {
            oldestSince = clock.getAsLong();
        }
        waiting.addLast(write);
        count(write, 1);
        due |= write.isAwaited() || (!behind && (lastGroup < 2 || rows >= GATHER_ROWS));
        if (write.isBehind()) {
            pending.add(write);
        }
    }

    private void count(Write<?> write, int sign) {
        rows += sign * write.rows();
        bytes += sign * write.size();
    }

    /** Whether what waits is to be written at once. */
    boolean isDue() {
        lock.lock();
        try {
            return due;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for work, and for the time that it may lie; false once it is closed and empty. */
    boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            awaitDue();
            return !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void awaitDue() throws InterruptedException {
        while (!closed && (waiting.isEmpty() || !due)) {
            if (waiting.isEmpty()) {
                filled.await();
                continue;
            }
            long left = pause() - (clock.getAsLong() - oldestSince);
            if (left <= 0 || filled.awaitNanos(left) <= 0) {
                due = true;
            }
        }
    }

    /** Takes what waits, up to a limit. */
    List<Write<?>> take() {
        lock.lock();
        try {
            List<Write<?>> taken = drained();
            drained.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the writer, if there is something for it. */
    void wake() {
        lock.lock();
        try {
            if (due) {
                filled.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The same, unless the caller of what waits longest will serve it. */
    void wakeUnlessHelped() {
        lock.lock();
        try {
            Write<?> first = waiting.peekFirst();
            if (due && first != null && !first.isHelped()) {
                filled.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private long pause() {
        return lastFailure == null ? delayNanos : Math.max(delayNanos, RETRY_NANOS);
    }

    private List<Write<?>> drained() {
        List<Write<?>> taken = new ArrayList<>();
        int count = 0;
        while (count < GROUP_ROWS && !waiting.isEmpty()) {
            Write<?> write = waiting.removeFirst();
            count(write, -1);
            count += write.rows();
            taken.add(write);
        }
        lastGroup = taken.size();
        due = !waiting.isEmpty();
        return taken;
    }

    /**
     * Puts back what could not be written and nobody waits for, before everything else.
     *
     * @return false once it is closed; then they are lost
     */
    boolean putBack(List<Write<?>> unwritten, SQLException why) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            for (int i = unwritten.size() - 1; i >= 0; i--) {
                waiting.addFirst(unwritten.get(i));
                count(unwritten.get(i), 1);
            }
            lastFailure = why;
            oldestSince = clock.getAsLong();
            due = waiting.stream().anyMatch(Write::isAwaited);
            drained.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A commit has succeeded: its rows are in the file, and the next ones may wait again. */
    void committed(List<Write<?>> written) {
        lastFailure = null;
        written.forEach(pending::remove);
    }

    /** What has returned, but is not in the file yet. */
    Pending pending() {
        return pending;
    }

    /** Rows that wait. */
    int rows() {
        lock.lock();
        try {
            return rows;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more is accepted; what waits is still to be taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
            drained.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
