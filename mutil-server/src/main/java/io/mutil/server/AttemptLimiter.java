package io.mutil.server;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts failed handshakes per remote address and refuses an address that has too many of them in a sliding minute.
 *
 * <p>An IPv6 address counts with its whole /64, which one subscriber usually has to himself. Clients behind one IPv4
 * address or on one machine share a count. Peers without an address, those on Unix sockets, are never refused: whoever may
 * open the socket's file is on this machine, and one local user must not be able to lock out the others.
 *
 * <p>The addresses that failed last are remembered, 10,000 of them. Safe for many threads.
 */
final class AttemptLimiter {
    static final int MAX_ADDRESSES = 10_000;
    static final int MAX_ATTEMPTS = 1000;
    private static final int PREFIX_BYTES = 8;
    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ByteBuffer, ArrayDeque<Long>> failures = new LinkedHashMap<>(16, 0.75f, true);
    private final int perMinute;
    private final LongSupplier nanoTime;

    /**
     * Begins with nothing counted.
     *
     * @param perMinute failures of one address in any minute before it is refused, at most 1,000; 0 for no limit
     */
    AttemptLimiter(int perMinute, LongSupplier nanoTime) {
        if (perMinute < 0 || perMinute > MAX_ATTEMPTS) {
            throw new IllegalArgumentException(
                    "failed attempts per minute must be from 0, no limit, to " + MAX_ATTEMPTS + ", was " + perMinute);
        }
        this.perMinute = perMinute;
        this.nanoTime = nanoTime;
    }

    /** Whether this address may try; asked before anything is computed for it. Being refused counts for nothing. */
    boolean admits(@Nullable SocketAddress remote) {
        ByteBuffer subscriber = subscriber(remote);
        if (subscriber == null || perMinute == 0) {
            return true;
        }
        lock.lock();
        try {
            ArrayDeque<Long> times = failures.get(subscriber);
            if (times == null) {
                return true;
            }
            removeOld(times);
            if (times.isEmpty()) {
                failures.remove(subscriber);
            }
            return times.size() < perMinute;
        } finally {
            lock.unlock();
        }
    }

    /** Counts a failure. */
    void failed(@Nullable SocketAddress remote) {
        ByteBuffer subscriber = subscriber(remote);
        if (subscriber == null || perMinute == 0) {
            return;
        }
        lock.lock();
        try {
            ArrayDeque<Long> times = failures.computeIfAbsent(subscriber, s -> new ArrayDeque<>(2));
            removeOld(times);
            if (times.size() == perMinute) {
                times.removeFirst();
            }
            times.addLast(nanoTime.getAsLong());
            forgetLongestSilent();
        } finally {
            lock.unlock();
        }
    }

    private void removeOld(ArrayDeque<Long> times) {
        long now = nanoTime.getAsLong();
        while (!times.isEmpty() && now - times.getFirst() >= WINDOW_NANOS) {
            times.removeFirst();
        }
    }

    private void forgetLongestSilent() {
        if (failures.size() > MAX_ADDRESSES) {
            var eldest = failures.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    /** How many addresses are remembered. */
    int addresses() {
        lock.lock();
        try {
            return failures.size();
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable ByteBuffer subscriber(@Nullable SocketAddress remote) {
        InetAddress address = remote instanceof InetSocketAddress socket ? socket.getAddress() : null;
        if (address == null) {
            return null;
        }
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(address instanceof Inet6Address ? Arrays.copyOf(bytes, PREFIX_BYTES) : bytes);
    }
}
