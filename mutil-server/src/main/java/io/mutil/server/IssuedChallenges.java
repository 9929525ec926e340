package io.mutil.server;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The challenges that this process has sent and still waits for an answer to, over all its servers and clients.
 *
 * <p>The handshakes {@link Handshake#LEGACY} and {@link Handshake#MULTIPROCESSING} prove both directions in the same way:
 * a stranger who gets a challenge could hand it back on a second connection and be given the answer. So a challenge that
 * is in here is never answered, by any server or client, but at the other end of the very connection that it was sent on:
 * a program may connect to itself, without anybody between.
 *
 * <p>It fails closed. When it is full no further challenge is issued; and a challenge that has left it, be it because it
 * is old, is no longer good for its own handshake either. Safe for many threads.
 */
final class IssuedChallenges {
    /** The one of this process. */
    static final IssuedChallenges PROCESS = new IssuedChallenges(1 << 16, Duration.ofMinutes(10), System::nanoTime);

    private record Issue(long nanoTime, Line line) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ByteBuffer, Issue> issued = new LinkedHashMap<>(); // oldest first
    private final int capacity;
    private final long lifetimeNanos;
    private final LongSupplier nanoTime;

    IssuedChallenges(int capacity, Duration lifetime, LongSupplier nanoTime) {
        this.capacity = capacity;
        this.lifetimeNanos = lifetime.toNanos();
        this.nanoTime = nanoTime;
    }

    /**
     * Enters a challenge before it is sent.
     *
     * @param line that it is sent on
     * @throws AuthenticationException if too many are outstanding
     */
    void issue(byte[] challenge, Line line) throws AuthenticationException {
        lock.lock();
        try {
            removeOld();
            if (issued.size() >= capacity) {
                throw new AuthenticationException(capacity + " handshakes of this process are under way already; limit"
                        + " the connections of its servers");
            }
            issued.put(ByteBuffer.wrap(challenge.clone()), new Issue(nanoTime.getAsLong(), line));
        } finally {
            lock.unlock();
        }
    }

    /** Whether a challenge that came in on this line is one of ours that was sent on another. */
    boolean forbids(byte[] challenge, Line line) {
        lock.lock();
        try {
            Issue issue = issued.get(ByteBuffer.wrap(challenge));
            return issue != null && !issue.line().isOtherEndOf(line);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes a challenge whose answer has come, or will not be accepted any more.
     *
     * @return whether it was still good
     */
    boolean retire(byte[] challenge) {
        lock.lock();
        try {
            removeOld();
            return issued.remove(ByteBuffer.wrap(challenge)) != null;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return issued.size();
        } finally {
            lock.unlock();
        }
    }

    private void removeOld() {
        long now = nanoTime.getAsLong();
        Iterator<Issue> oldest = issued.values().iterator();
        while (oldest.hasNext() && now - oldest.next().nanoTime() >= lifetimeNanos) {
            oldest.remove();
        }
    }
}
