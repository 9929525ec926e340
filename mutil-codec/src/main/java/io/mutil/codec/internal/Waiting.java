package io.mutil.codec.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits for the asynchronous form of an operation. */
public final class Waiting {
    private Waiting() {}

    /** What the future completes with; its failure is thrown as what it is. */
    public static <T extends @Nullable Object> T get(CompletableFuture<T> future)
            throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    /** As {@link #get(CompletableFuture)}, for at most so long. */
    public static <T extends @Nullable Object> T get(CompletableFuture<T> future, Duration deadline)
            throws IOException, InterruptedException, TimeoutException {
        try {
            return future.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    /**
     * Waits for the end of something that is closing; an interrupt ends the wait, not the closing.
     *
     * @throws IOException for what the closing has failed with, a new one each time
     */
    public static void awaitClose(CompletableFuture<Void> end) throws IOException {
        try {
            get(end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // not the one that an earlier close has thrown: nothing can be suppressed in favour of itself
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Fails if the calling thread is one that has to go on for the call to end. */
    static void refuse(boolean ownThread, String call, String instead) {
        if (ownThread) {
            throw new IllegalStateException(call + " would block "
                    + Thread.currentThread().getName() + ", which brings about what it waits for; use " + instead
                    + " there");
        }
    }

    /** A failure that happened elsewhere, to be thrown here. */
    static IOException failure(@Nullable Throwable cause) {
        if (cause instanceof CompletionException e && e.getCause() != null) {
            return failure(e.getCause());
        }
        if (cause instanceof RuntimeException e) {
            throw e;
        }
        if (cause instanceof Error e) {
            throw e;
        }
        return cause instanceof IOException e ? e : new IOException(cause);
    }
}
