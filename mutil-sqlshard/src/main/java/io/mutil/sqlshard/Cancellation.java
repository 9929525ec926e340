package io.mutil.sqlshard;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;

/** Ends statements that other threads are running. */
final class Cancellation {
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Statement> running = Collections.newSetFromMap(new IdentityHashMap<>());
    private volatile boolean cancelled;

    boolean isCancelled() {
        return cancelled;
    }

    void check() {
        if (cancelled) {
            throw new CancellationException("another shard has failed, or the caller was interrupted");
        }
    }

    /** From now on the statement may be ended. */
    void add(Statement statement) {
        lock.lock();
        try {
            running.add(statement);
        } finally {
            lock.unlock();
        }
    }

    /** No longer: its connection may be lent to others. */
    void remove(Statement statement) {
        lock.lock();
        try {
            running.remove(statement);
        } finally {
            lock.unlock();
        }
    }

    /** To be called again until all have ended, as SQLite forgets it if a statement has not quite begun. */
    void cancel() {
        lock.lock();
        try {
            cancelled = true;
            for (Statement statement : running) {
                cancel(statement);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void cancel(Statement statement) {
        try {
            statement.cancel();
        } catch (SQLException e) {
            // it is closed, so it has ended
        }
    }
}
