package io.mutil.bench.fanout;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.OptionalLong;

/** A contestant that runs, as a process of its own that ends when this is closed. */
interface Proxy extends AutoCloseable {
    /** Where clients connect to. */
    InetSocketAddress address();

    Inlet inlet();

    /** What a client asks for, by its number. */
    default Subscription subscription(Traffic traffic, int client) {
        return Subscription.of(traffic, client);
    }

    /** The bytes of heap and direct memory in use after a collection; empty if it is no JVM. */
    default OptionalLong memoryBytes() throws IOException {
        return OptionalLong.empty();
    }

    /** The bytes of memory that the kernel has given to its processes; empty where nobody can tell. */
    OptionalLong residentBytes();

    /** Ends the process and the inlet. */
    @Override
    void close();
}
