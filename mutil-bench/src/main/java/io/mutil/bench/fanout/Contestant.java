package io.mutil.bench.fanout;

import java.io.IOException;
import java.util.Optional;

/** A program that passes messages on to many clients. */
interface Contestant {
    String name();

    /** What has to be installed for it; empty if all is there. */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /** Whether it may lose no message. */
    default boolean isLossless() {
        return true;
    }

    /** Whether it connects again when its upstream comes back. */
    default boolean comesBack() {
        return true;
    }

    /** How many messages the upstream may be ahead of the slowest client. */
    default int window(Traffic traffic) {
        return traffic.window();
    }

    /**
     * Starts it, and returns when clients may connect.
     *
     * @param heap for a JVM, as {@code -Xmx} takes it
     */
    Proxy start(Sockets sockets, Traffic traffic, String heap) throws IOException, InterruptedException;
}
