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
 * is in here is never answered, by any server or client.
 *
 * <p>It fails closed. When it is full no further challenge is issued; and a challenge that has left it, be it because it
 * is old, is no longer good for its own handshake either. Safe for many threads.
 */
final class IssuedChallenges {
    /** The one of this process. */
    static final IssuedChallenges PROCESS = new IssuedChallenges(1 << 16, Duration.ofMinutes(10), System::nanoTime);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ByteBuffer, Long> issued = new LinkedHashMap<>(); // to the time of issue, oldest first
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
     * @throws AuthenticationException if too many are outstanding
     */
    void issue(byte[] challenge) throws AuthenticationException {
        lock.lock();
        try {
            removeOld();
            if (issued.size() >= capacity) {
                throw new AuthenticationException(capacity + " handshakes of this process are under way already; limit"
                        + " the connections of its servers");
            }
            issued.put(ByteBuffer.wrap(challenge.clone()), nanoTime.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    /** Whether a challenge that a peer sent is one of ours. */
    boolean holds(byte[] challenge) {
        lock.lock();
        try {
            return issued.containsKey(ByteBuffer.wrap(challenge));
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
        Iterator<Long> times = issued.values().iterator();
        while (times.hasNext() && now - times.next() >= lifetimeNanos) {
            times.remove();
        }
    }
}
