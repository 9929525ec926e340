package io.mutil.sqlshard;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A few connections that read one file: made when needed, lent to one thread at a time, the last one used first. */
final class Readers implements AutoCloseable {
    private final Path file;
    private final Sql sql;
    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition returned = lock.newCondition();
    private final Deque<ReadConnection> idle = new ArrayDeque<>();
    private final LongAdder reads = new LongAdder();
    private int open;
    private boolean closed;

    interface Reading<R> {
        R from(ReadConnection connection) throws SQLException, IOException;
    }

    Readers(Path file, Sql sql, int limit) {
        this.file = file;
        this.sql = sql;
        this.limit = limit;
    }

    /** Lends a connection to what reads. */
    <R> R read(Reading<R> reading) throws IOException, InterruptedException {
        ReadConnection connection = borrow();
        boolean sound = false;
        try {
            R result = reading.from(connection);
            sound = true;
            return result;
        } catch (SQLException e) {
            throw SqlErrors.explained(e, file);
        } finally {
            giveBack(connection, sound);
        }
    }

    /** A connection for the caller alone, who must give it back; waits while all are lent. */
    ReadConnection borrow() throws IOException, InterruptedException {
        reads.increment();
        ReadConnection ready = takeIdle();
        return ready != null ? ready : make();
    }

    private ReadConnection make() throws IOException {
        boolean made = false;
        try {
            var connection = new ReadConnection(file, sql);
            made = true;
            return connection;
        } catch (SQLException e) {
            throw SqlErrors.explained(e, file);
        } finally {
            if (!made) {
                release(null);
            }
        }
    }

    /** Null if the caller may make one. */
    private @Nullable ReadConnection takeIdle() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (idle.isEmpty() && open == limit && !closed) {
                returned.await();
            }
            if (closed) {
                throw new IllegalStateException("store is closed; open it again");
            }
            if (idle.isEmpty()) {
                open++;
            }
            return idle.pollFirst();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends a loan.
     *
     * @param sound false if a statement failed or may still have results, so that another connection takes its place
     */
    void giveBack(ReadConnection connection, boolean sound) {
        if (!sound || !release(connection)) {
            close(connection);
            if (!sound) {
                release(null);
            }
        }
    }

    /** Whether the connection is kept. */
    private boolean release(@Nullable ReadConnection connection) {
        lock.lock();
        try {
            returned.signal();
            if (connection == null || closed) {
                open--;
                return false;
            }
            idle.addFirst(connection);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Lets others have a connection more while the caller, who has been lent one, keeps it for long. */
    void detach() {
        release(null);
    }

    /** Ends such a loan. */
    void attach(ReadConnection connection, boolean sound) {
        if (!sound || !keepIfRoom(connection)) {
            close(connection);
        }
    }

    private boolean keepIfRoom(ReadConnection connection) {
        lock.lock();
        try {
            if (closed || open == limit) {
                return false;
            }
            open++;
            idle.addFirst(connection);
            returned.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static void close(ReadConnection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // nothing was to be written, so nothing is lost
        }
    }

    long reads() {
        return reads.sum();
    }

    /** Those on loan are closed as they come back. */
    @Override
    public void close() {
        takeAllIdle().forEach(Readers::close);
    }

    private List<ReadConnection> takeAllIdle() {
        lock.lock();
        try {
            closed = true;
            returned.signalAll();
            List<ReadConnection> all = List.copyOf(idle);
            open -= all.size();
            idle.clear();
            return all;
        } finally {
            lock.unlock();
        }
    }
}
