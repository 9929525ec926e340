package io.mutil.server;

import io.mutil.codec.internal.Waiting;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for what an interrupt cancels, or what cannot fail. */
final class Blocking {
    private Blocking() {}

    /** As {@link Waiting#get(CompletableFuture)}; an interrupt cancels the operation. */
    static <T> T getOrCancel(CompletableFuture<T> future) throws IOException, InterruptedException {
        try {
            return Waiting.get(future);
        } catch (InterruptedException e) {
            future.cancel(false);
            throw e;
        }
    }

    /** Waits for the end of something that is closing; an interrupt ends the wait, not the closing. */
    static void awaitClose(CompletableFuture<?> future) {
        try {
            future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("closing failed", e.getCause());
        }
    }
}
