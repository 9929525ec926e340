package io.mutil.loop;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/** Choices for a {@link Schedule}. Single use, not thread-safe. */
public final class ScheduleBuilder {
    private InstantSource clock = Clock.systemUTC();
    private @Nullable ScheduledExecutorService scheduler;
    private Executor executor = LoopThreads.perTask();
    private Duration lateness = Duration.ofMinutes(1);
    private Duration grace = Duration.ofSeconds(5);
    private int history = 100;

    ScheduleBuilder() {}

    /** The wall clock. Default: the system's. */
    public ScheduleBuilder clock(InstantSource clock) {
        this.clock = requireNonNull(clock, "clock");
        return this;
    }

    /** Has the timers; is not shut down. Default: one daemon thread of the schedule, {@code mutil-schedule}. */
    public ScheduleBuilder scheduler(ScheduledExecutorService scheduler) {
        this.scheduler = requireNonNull(scheduler, "scheduler");
        return this;
    }

    /**
     * Runs the tasks; is not shut down. Default: a thread for each run that is named like it, virtual on JDK 21 and later, otherwise
     * a daemon.
     *
     * <p>A run that waits for a thread is in progress already. One that runs on the calling thread holds up all timers.
     */
    public ScheduleBuilder executor(Executor executor) {
        this.executor = requireNonNull(executor, "executor");
        return this;
    }

    /**
     * How late a run may begin before its due time counts as missed. The wall clock is read again after this time at the latest, and
     * at least every minute.
     *
     * @param lateness at least a millisecond; default one minute
     */
    public ScheduleBuilder lateness(Duration lateness) {
        this.lateness = SafeLoopChecks.atLeast("lateness", lateness, Duration.ofMillis(1), "at least 1 ms");
        return this;
    }

    /**
     * How long {@link Schedule#close} waits for runs that it interrupts. In a {@link SafeLoop} this must be shorter than the
     * deadline of the hook that closes the schedule, or the hook is reported as hanging.
     *
     * @param grace not negative; default 5 s
     */
    public ScheduleBuilder grace(Duration grace) {
        this.grace = SafeLoopChecks.notNegative("grace", grace);
        return this;
    }

    /**
     * How many runs of each task are remembered.
     *
     * @param runs positive; default 100
     */
    public ScheduleBuilder history(int runs) {
        history = SafeLoopChecks.positive("history", runs);
        return this;
    }

    /** Starts it, without tasks. */
    public Schedule start() {
        ScheduledExecutorService timers = scheduler == null ? ownScheduler() : scheduler;
        return new Schedule(clock, timers, scheduler == null, executor, lateness, grace, history);
    }

    private static ScheduledExecutorService ownScheduler() {
        var own = new ScheduledThreadPoolExecutor(1, work -> LoopThreads.daemon("mutil-schedule", work));
        own.setRemoveOnCancelPolicy(true);
        return own;
    }
}
