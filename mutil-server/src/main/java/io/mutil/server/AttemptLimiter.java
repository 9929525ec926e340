package io.mutil.server;

import java.net.SocketAddress;
import java.util.function.LongSupplier;

/** Counts failed handshakes per address and refuses addresses that have too many of them. Safe for many threads. */
final class AttemptLimiter {
    /** @param perMinute failures of one address in any minute; 0 for no limit */
    AttemptLimiter(int perMinute, LongSupplier nanoTime) {}

    /** Whether this address may try (again); asked before anything is computed for it. */
    boolean admits(SocketAddress remote) {
        return true;
    }

    void failed(SocketAddress remote) {}
}
