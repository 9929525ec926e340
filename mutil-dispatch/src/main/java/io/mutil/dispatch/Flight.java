package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One line on its way. Whoever has this future may end it before the line does; then the run is stopped first, as what hangs on
 * the future may take its time.
 */
final class Flight<S> extends CompletableFuture<@Nullable Object> {
    private final Running running = new Running();
    private final S state;
    private final Consumer<String> out;
    private final Timeouts timeouts;
    private final Tally tally;

    Flight(S state, Consumer<String> out, Timeouts timeouts, Tally tally) {
        this.state = state;
        this.out = out;
        this.timeouts = timeouts;
        this.tally = tally;
    }

    /**
     * Sets out.
     *
     * @param line read on the executor's thread
     */
    void begin(Supplier<Job<S>> line, Executor executor) {
        tally.begin();
        try {
            executor.execute(() -> go(line));
        } catch (Throwable e) {
            end(null, e);
        }
    }

    private void go(Supplier<Job<S>> line) {
        try {
            Object result = run(line);
            if (result instanceof CompletionStage<?> stage) {
                await(StageFuture.of(stage));
            } else {
                end(result, null);
            }
        } catch (Throwable e) {
            end(null, e);
        }
    }

    private @Nullable Object run(Supplier<Job<S>> line) throws Exception {
        try {
            if (!running.enter()) {
                return null;
            }
            Job<S> job = line.get();
            limit(job);
            return job.run(state, out, running);
        } finally {
            running.leave();
        }
    }

    private void limit(Job<S> job) {
        Duration timeout = job.timeout();
        if (timeout != null) {
            Runnable timer = timeouts.after(timeout, () -> completeExceptionally(new Late(job.name(), timeout)));
            var unused = whenComplete((value, error) -> timer.run());
        }
    }

    private void await(StageFuture stage) {
        running.goOn(stage);
        var unused = stage.whenComplete(this::end);
    }

    private void end(@Nullable Object value, @Nullable Throwable error) {
        if (!running.end()) {
            return;
        }
        tally.end(running, error);
        if (error == null) {
            super.complete(value);
        } else {
            super.completeExceptionally(error);
        }
    }

    @Override
    public boolean complete(@Nullable Object value) {
        return stop(null) && super.complete(value);
    }

    @Override
    public boolean completeExceptionally(Throwable error) {
        return stop(requireNonNull(error, "error")) && super.completeExceptionally(error);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return stop(null) ? super.cancel(mayInterruptIfRunning) : isCancelled();
    }

    private boolean stop(@Nullable Throwable reason) {
        if (!running.stop()) {
            return false;
        }
        tally.end(running, reason);
        return true;
    }
}
