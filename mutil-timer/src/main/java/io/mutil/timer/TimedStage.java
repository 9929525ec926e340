package io.mutil.timer;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Ends a timer with a stage. */
final class TimedStage {
    private TimedStage() {}

    static <T extends @Nullable Object> CompletableFuture<T> start(
            Timer timer, Supplier<? extends CompletionStage<T>> maker) {
        timer.locate();
        CompletionStage<T> stage = make(timer, maker);
        // of its own, so that whoever sees the result sees the line and the figures too
        var result = new CompletableFuture<T>();
        var unusedEnd = stage.whenComplete((value, failure) -> {
            try {
                timer.end(cause(failure));
            } finally {
                complete(result, value, failure);
            }
        });
        var unusedCancel = result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                timer.end(failure);
                cancel(stage);
            }
        });
        return result;
    }

    private static <T extends @Nullable Object> CompletionStage<T> make(
            Timer timer, Supplier<? extends CompletionStage<T>> maker) {
        try {
            return requireNonNull(maker.get(), "stage");
        } catch (Throwable e) {
            timer.end(e);
            throw e;
        } finally {
            Nesting.leave(timer);
        }
    }

    private static <T extends @Nullable Object> void complete(
            CompletableFuture<T> result, T value, @Nullable Throwable failure) {
        if (failure == null) {
            result.complete(value);
        } else {
            result.completeExceptionally(failure);
        }
    }

    private static void cancel(CompletionStage<?> stage) {
        if (stage instanceof Future<?> future) {
            future.cancel(true);
        }
    }

    private static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
