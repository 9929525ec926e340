package io.mutil.cache;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Asks an origin. May be called twice for one answer, if the disk failed on a large body or the entry was invalidated
 * meanwhile; never twice at a time.
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

    /** A function that gives bytes. */
    static Fetch ofBytes(Supplier<? extends CompletionStage<byte[]>> function) {
        requireNonNull(function, "function");
        return (known, body) -> function.get().thenCompose(bytes -> BytesFetch.written(ByteBuffer.wrap(bytes), body));
    }
}
