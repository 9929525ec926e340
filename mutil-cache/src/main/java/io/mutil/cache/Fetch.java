package io.mutil.cache;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Asks an origin. May be called twice for one answer, if the disk failed on a large body or the entry was invalidated
 * meanwhile; not before the first has ended or was cancelled. One that cannot be cancelled, as {@code supplyAsync}, may then still run.
 */
@FunctionalInterface
public interface Fetch {
    /**
     * Begins to fetch, and does not block. Cancelling what it returns (as a {@code CompletableFuture}) should end it.
     *
     * @param known of the stored answer; with a match, {@link Fetched#notModified} will do
     * @param body takes the body, all of it before the stage completes
     */
    CompletionStage<Fetched> fetch(Validators known, BodySink body);

    /** A function that gives bytes. What it returns is cancelled when nobody waits any more. */
    static Fetch ofBytes(Supplier<? extends CompletionStage<byte[]>> function) {
        requireNonNull(function, "function");
        return (known, body) -> {
            CompletionStage<byte[]> bytes = function.get();
            var fetched = bytes.thenCompose(all -> written(ByteBuffer.wrap(all), body))
                    .toCompletableFuture();
            var unusedEnd = fetched.whenComplete((answer, failure) -> {
                if (fetched.isCancelled()) {
                    bytes.toCompletableFuture().cancel(true);
                }
            });
            return fetched;
        };
    }

    private static CompletionStage<Fetched> written(ByteBuffer bytes, BodySink body) {
        try {
            body.write(bytes);
            return CompletableFuture.completedFuture(Fetched.ok());
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
