package io.mutil.timer;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Ends a timer with a stage. */
final class TimedStage {
    private TimedStage() {}

    static <T extends @Nullable Object> CompletableFuture<T> start(
            Timer timer, Function<? super Timer, ? extends CompletionStage<T>> maker) {
        CompletionStage<T> stage = make(timer, maker);
        var result = new Result<T>(timer, stage);
        var unused = stage.whenComplete(result::settle);
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

    /**
     * What the caller has. Whoever completes it, as {@code orTimeout} may, ends the time before anybody sees the result, and so before
     * those that depend on it run, and wants no more of the stage.
     */
    static final class Result<T extends @Nullable Object> extends CompletableFuture<T> {
        private final Timer timer;
        private final CompletionStage<T> stage;
        /** Of several who complete it one has both its outcome told and its result seen. */
        private final AtomicBoolean isTaken = new AtomicBoolean();

        private Result(Timer timer, CompletionStage<T> stage) {
            this.timer = timer;
            this.stage = stage;
        }

        private void settle(T value, @Nullable Throwable failure) {
            if (failure == null) {
                complete(value);
            } else {
                completeExceptionally(failure);
            }
        }

        @Override
        public boolean complete(T value) {
            return take(null) && super.complete(value);
        }

        @Override
        public boolean completeExceptionally(Throwable failure) {
            return take(requireNonNull(failure, "failure")) && super.completeExceptionally(failure);
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return take(new CancellationException()) ? super.cancel(mayInterruptIfRunning) : isCancelled();
        }

        @Override
        public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
            var unused =
                    CompletableFuture.<T>supplyAsync(supplier::get, executor).whenComplete(this::settle);
            return this;
        }

        @Override
        public void obtrudeValue(T value) {
            take(null);
            super.obtrudeValue(value);
        }

        @Override
        public void obtrudeException(Throwable failure) {
            take(requireNonNull(failure, "failure"));
            super.obtrudeException(failure);
        }

        private boolean take(@Nullable Throwable failure) {
            if (!isTaken.compareAndSet(false, true)) {
                return false;
            }
            quietly(() -> timer.end(cause(failure)));
            if (stage instanceof Future<?> future) {
                // does nothing to one that is complete
                quietly(() -> future.cancel(true));
            }
            return true;
        }

        /** A log that cannot be written is no reason to hold the result back. */
        private static void quietly(Runnable action) {
            try {
                action.run();
            } catch (Throwable ignored) {
                // as with all that depends on a future, there is nobody to throw it to
            }
        }

        private static @Nullable Throwable cause(@Nullable Throwable failure) {
            return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        }
    }
}
