package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One line that its caller waits for. What is thrown in it comes out as it is. */
final class Sitting<S> {
    private final Running running = new Running();
    private final S state;
    private final Consumer<String> out;
    private final Timeouts timeouts;
    private final Tally tally;

    Sitting(S state, Consumer<String> out, Timeouts timeouts, Tally tally) {
        this.state = state;
        this.out = out;
        this.timeouts = timeouts;
        this.tally = tally;
    }

    @Nullable
    Object run(Supplier<Job<S>> line) throws Exception {
        tally.begin();
        try {
            Object value = run(line.get());
            tally.end(running, null);
            return value;
        } catch (Throwable e) {
            tally.end(running, e);
            throw e;
        }
    }

    private @Nullable Object run(Job<S> job) throws Exception {
        Duration timeout = job.timeout();
        Runnable timer = timeout == null ? () -> {} : timeouts.after(timeout, running::stop);
        try {
            Object value = result(job);
            if (running.end()) {
                return value;
            }
        } catch (InterruptedException e) {
            if (running.stop()) {
                throw e;
            }
        } catch (Throwable e) {
            if (running.end()) {
                throw e;
            }
        } finally {
            timer.run();
        }
        throw new Late(job.name(), requireNonNull(timeout));
    }

    private @Nullable Object result(Job<S> job) throws Exception {
        Object result = operate(job);
        return result instanceof CompletionStage<?> stage ? await(StageFuture.of(stage)) : result;
    }

    private @Nullable Object operate(Job<S> job) throws Exception {
        try {
            return running.enter() ? job.run(state, out, running) : null;
        } finally {
            running.leave();
        }
    }

    private @Nullable Object await(StageFuture stage) throws Exception {
        running.goOn(stage);
        try {
            return stage.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof Exception exception) {
                throw exception;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }
}
