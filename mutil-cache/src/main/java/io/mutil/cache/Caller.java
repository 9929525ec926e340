package io.mutil.cache;

import java.util.concurrent.CompletableFuture;

/** One who waits for a {@link Flight}. */
final class Caller {
    private final CompletableFuture<Answer> future = new CompletableFuture<>();
    private final Options options;

    Caller(Options options) {
        this.options = options;
    }

    CompletableFuture<Answer> future() {
        return future;
    }

    Options options() {
        return options;
    }
}
