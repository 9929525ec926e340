package io.mutil.loop;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** Choices for a {@link ForeverLoop}. Single use, not thread-safe. */
public final class ForeverLoopBuilder {
    private @Nullable Executor executor;
    private @Nullable ScheduledExecutorService scheduler;
    private FailurePolicy policy = FailurePolicy.retry();
    private boolean endWhenEmpty;

    ForeverLoopBuilder() {}

    /**
     * Runs callables, and subscribers of {@link ForeverLoop#publisher}. It is not shut down by the loop, and should live longer: one
     * that drops what it was given, as {@code shutdownNow} does, leaves sources and subscribers waiting. Default: threads of the
     * loop's own, virtual ones where the JDK has them, else daemon threads, as many as there is work.
     */
    public ForeverLoopBuilder executor(Executor executor) {
        this.executor = requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Has the timers of back-offs, and calls the suppliers of sources that rested. It is not shut down by the loop. Default: one
     * daemon thread for all loops, {@code mutil-loop-timer}, which also takes over from one that rejects a timer. One that drops
     * what it was given, as {@code shutdownNow} does, leaves sources resting.
     */
    public ForeverLoopBuilder scheduler(ScheduledExecutorService scheduler) {
        this.scheduler = requireNonNull(scheduler, "scheduler");
        return this;
    }

    /** What becomes of sources that failed and have no policy of their own. Default: {@link FailurePolicy#retry()}. */
    public ForeverLoopBuilder onFailure(FailurePolicy policy) {
        this.policy = requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Ends iterations, {@code run} and publishers when no source is left, so sources are to be added before. Default: they wait
     * for another source to be added.
     */
    public ForeverLoopBuilder endWhenEmpty() {
        endWhenEmpty = true;
        return this;
    }

    /**
     * Makes the loop.
     *
     * @param <T> what its sources bring
     */
    public <T extends @Nullable Object> ForeverLoop<T> build() {
        return new ForeverLoop<>(new ForeverCore<>(
                policy, scheduler == null ? LoopThreads.timers() : scheduler, executor, endWhenEmpty));
    }
}
