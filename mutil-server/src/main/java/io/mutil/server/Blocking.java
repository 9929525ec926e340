package io.mutil.server;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Waits for the asynchronous form of an operation. */
final class Blocking {
    private Blocking() {}

    static <T> T get(CompletableFuture<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    /** As {@link #get}; an interrupt cancels the operation. */
    static <T> T getOrCancel(CompletableFuture<T> future) throws IOException, InterruptedException {
        try {
            return get(future);
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

    private static IOException failure(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException e) {
            throw e;
        }
        if (cause instanceof Error e) {
            throw e;
        }
        return cause instanceof IOException e ? e : new IOException(cause);
    }
}
