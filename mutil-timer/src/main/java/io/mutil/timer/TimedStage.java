package io.mutil.timer;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Ends a timer with a stage. */
final class TimedStage {
    private TimedStage() {}

    static <T extends @Nullable Object> CompletableFuture<T> start(
            Timer timer, Function<? super Timer, ? extends CompletionStage<T>> maker) {
        CompletionStage<T> stage = make(timer, maker);
        // of its own, so that whoever sees the result sees the line and the figures too
        var result = new CompletableFuture<T>();
        var unusedInner = stage.whenComplete((value, failure) -> {
            try {
                timer.end(cause(failure));
            } finally {
                complete(result, value, failure);
            }
        });
        // who completes the result itself, as orTimeout does, wants no more of the stage
        var unusedOuter = result.whenComplete((value, failure) -> {
            try {
                timer.end(cause(failure));
            } finally {
                cancel(stage);
            }
        });
        return result;
    }

    private static <T extends @Nullable Object> CompletionStage<T> make(
            Timer timer, Function<? super Timer, ? extends CompletionStage<T>> maker) {
        try {
            timer.locate();
            return requireNonNull(maker.apply(timer), "stage");
        } catch (Throwable e) {
            endBeside(e, timer);
            throw e;
        } finally {
            Nesting.leave(timer);
        }
    }

    private static void endBeside(Throwable failure, Timer timer) {
        try {
            timer.end(failure);
        } catch (RuntimeException e) {
            if (e != failure) {
                failure.addSuppressed(e);
            }
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

    /** Does nothing to one that is complete. */
    private static void cancel(CompletionStage<?> stage) {
        if (stage instanceof Future<?> future) {
            future.cancel(true);
        }
    }

    private static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
