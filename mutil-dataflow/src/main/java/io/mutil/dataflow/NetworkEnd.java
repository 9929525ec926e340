package io.mutil.dataflow;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The running server or client of a level.
 *
 * @param uri where it listens, or null if it connects
 * @param outages what became of its connections, if it connects
 * @param closing ends its connections after what was sent has left
 */
record NetworkEnd(@Nullable URI uri, Outages outages, Supplier<CompletableFuture<Void>> closing) {
    CompletableFuture<Void> closeAsync() {
        outages.stop();
        return closing.get();
    }

    /** A level that has one. */
    interface Level extends OpenEnd {
        NetworkEnd network();

        @Override
        default long restarts() {
            return network().outages().restarts();
        }

        @Override
        default boolean isUnconnected() {
            return network().uri() == null && connections() == 0;
        }

        @Override
        default @Nullable URI uri() {
            return network().uri();
        }

        @Override
        default CompletableFuture<Void> closeAsync() {
            return network().closeAsync();
        }
    }
}
