package io.mutil.server;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** The open connections of a server or client, and what all of them have done, the ended ones too. */
final class Roster {
    /** Sums over all connections. */
    record Sums(
            int connections,
            long framesIn,
            long framesOut,
            long bytesIn,
            long bytesOut,
            long unreadBytes,
            long queuedBytes,
            long closedSlow) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Connection> open = new HashSet<>();
    private final Tally tally = new Tally(null);
    private long framesOut;
    private long bytesOut;

    /** Counts what comes in on all connections. */
    Tally tally() {
        return tally;
    }

    /** Keeps a connection until it ends. */
    void add(Connection connection) {
        lock.lock();
        try {
            open.add(connection);
        } finally {
            lock.unlock();
        }
        connection.closing().whenEnded(() -> remove(connection));
    }

    private void remove(Connection connection) {
        lock.lock();
        try {
            open.remove(connection);
            framesOut += connection.outbox().frames();
            bytesOut += connection.outbox().bytes();
        } finally {
            lock.unlock();
        }
    }

    Collection<Connection> open() {
        lock.lock();
        try {
            return List.copyOf(open);
        } finally {
            lock.unlock();
        }
    }

    Sums sums() {
        lock.lock();
        try {
            long frames = framesOut;
            long bytes = bytesOut;
            long unread = 0;
            long queued = 0;
            for (Connection connection : open) {
                frames += connection.outbox().frames();
                bytes += connection.outbox().bytes();
                unread += connection.inlet().inbox().bufferedBytes();
                queued += connection.outbox().queuedBytes();
            }
            return new Sums(open.size(), tally.frames(), frames, tally.bytes(), bytes, unread, queued, tally.slow());
        } finally {
            lock.unlock();
        }
    }
}
