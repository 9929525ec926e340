package io.mutil.sqlshard;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** The cursors of one file that keep a connection of their own, so that their number is limited, and all can be closed. */
final class OpenCursors implements AutoCloseable {
    static final int LIMIT = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Cursor> open = new HashSet<>();
    private boolean closed;

    void add(Cursor cursor) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("store is closed; open it again");
            }
            if (open.size() == LIMIT) {
                throw new IllegalStateException(LIMIT
                        + " scans of a shard are open, no more are allowed; close their streams when they are done");
            }
            open.add(cursor);
        } finally {
            lock.unlock();
        }
    }

    void remove(Cursor cursor) {
        lock.lock();
        try {
            open.remove(cursor);
        } finally {
            lock.unlock();
        }
    }

    int count() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }

    /** Closes all, and lets none be added. */
    @Override
    public void close() {
        takeAll().forEach(Cursor::close);
    }

    private List<Cursor> takeAll() {
        lock.lock();
        try {
            closed = true;
            return List.copyOf(open);
        } finally {
            lock.unlock();
        }
    }
}
