package io.mutil.dataflow;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A level of a running topology as far as it has to do with the outside; one that has not keeps the defaults. */
interface OpenEnd {
    /** A level of workers. */
    OpenEnd NONE = new OpenEnd() {};

    /** Items that reached the level and nobody outside. */
    default long discarded() {
        return 0;
    }

    /** Peers that are connected now. */
    default int connections() {
        return 0;
    }

    /** How often a part was started again, other than its tasks'. */
    default long restarts() {
        return 0;
    }

    /** Whether it connects, and has no connection now. */
    default boolean isUnconnected() {
        return false;
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
