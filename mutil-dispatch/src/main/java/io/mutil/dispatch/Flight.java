package io.mutil.dispatch;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One line on its way to a future, which may end before it: cancelled, or as its time is up. */
final class Flight<S> {
    private final CompletableFuture<@Nullable Object> future = new CompletableFuture<>();
    private final Running running = new Running();
    private final S state;
    private final Consumer<String> out;
    private final Timeouts timeouts;

    private Flight(S state, Consumer<String> out, Timeouts timeouts) {
        this.state = state;
        this.out = out;
        this.timeouts = timeouts;
    }

    /**
     * Sets out.
     *
     * @param job asked for on the executor's thread
     */
    static <S> CompletableFuture<@Nullable Object> begin(
            Supplier<Job<S>> job, S state, Consumer<String> out, Executor executor, Timeouts timeouts) {
        var flight = new Flight<>(state, out, timeouts);
        var unused = flight.future.whenComplete((value, error) -> flight.running.stop());
        try {
            executor.execute(() -> flight.go(job));
        } catch (RuntimeException e) {
            flight.future.completeExceptionally(e);
        }
        return flight.future;
    }

    private void go(Supplier<Job<S>> supplier) {
        if (future.isDone()) {
            return;
        }
        try {
            Job<S> job = supplier.get();
            limit(job);
            Object result = run(job);
            if (result instanceof CompletionStage<?> stage) {
                await(stage);
            } else {
                future.complete(result);
            }
        } catch (Throwable e) {
            future.completeExceptionally(e);
        }
    }

    private void limit(Job<S> job) {
        Duration timeout = job.timeout();
        if (timeout != null) {
            Runnable timer = timeouts.after(timeout, () -> future.completeExceptionally(new Late(job.name(), timeout)));
            var unused = future.whenComplete((value, error) -> timer.run());
        }
    }

    private @Nullable Object run(Job<S> job) throws Exception {
        try {
            return running.enter() ? job.run(state, out, running) : null;
        } finally {
            running.leave();
        }
    }

    private void await(CompletionStage<?> stage) {
        running.goOn(stage.toCompletableFuture());
        var unused = stage.whenComplete((value, error) -> {
            if (error == null) {
                future.complete(value);
            } else {
                future.completeExceptionally(cause(error));
            }
        });
    }

    /** What the operation's own code threw, without what stages wrap it in. */
    private static Throwable cause(Throwable error) {
        Throwable cause = error.getCause();
        return error instanceof CompletionException && cause != null ? cause : error;
    }
}
