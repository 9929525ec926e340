package io.mutil.ratelimit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a store about one key. Whatever an implementation does, an answer, perhaps a failure, is promised here.
 *
 * @param store who is asked
 * @param key of the books
 * @param margin by which windows are wider
 */
record StoreClient(LimitStore store, String key, Duration margin) {
    CompletableFuture<LimitStore.Answer> take(List<Rule> rules, int permits) {
        return guarded(() -> store.take(new LimitStore.Request(key, rules, margin, permits)));
    }

    CompletableFuture<Void> giveBack(List<Rule> rules, int permits, Duration age) {
        return guarded(() -> store.giveBack(new LimitStore.Request(key, rules, margin, permits), age));
    }

    private static <T> CompletableFuture<T> guarded(Supplier<CompletionStage<T>> call) {
        try {
            var answer = new CompletableFuture<T>();
            CompletionStage<T> said = requireNonNull(call.get(), "the store of the limit returned null");
            var unused = said.whenComplete((value, failure) -> {
                if (failure == null) {
                    answer.complete(value);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
            return answer;
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What a caller gets where there is no answer. */
    static Throwable why(@Nullable Throwable failure) {
        if (failure == null || failure instanceof CancellationException) {
            // a future that is cancelled stands for one who gave up
            return new IllegalStateException("the store of the limit gave no answer; nobody is let through", failure);
        }
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
