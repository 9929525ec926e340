package io.mutil.dataflow;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An egress of a running topology. */
interface OpenEgress<T> {
    ReceiverTask<T> task();

    /** Called after the topology was aborted, to let go of what waits for a peer. */
    default void abort() {}

    /** Items that reached the egress and nobody outside. */
    default long discarded() {
        return 0;
    }

    /** Where it listens, if it does. */
    default @Nullable URI uri() {
        return null;
    }

    /** Ends connections and sockets after what was sent has left. */
    default CompletableFuture<Void> closeAsync() {
        return CompletableFuture.completedFuture(null);
    }
}
