package io.mutil.loop;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A run that was handed to the executor, until it has ended.
 *
 * <p>As in {@link SafeLoopTask}, interrupts happen under the lock, so that they hit nothing else the thread does.
 */
final class ScheduleRun implements Runnable {
    private enum State {
        QUEUED,
        RUNNING,
        ENDED
    }

    private static final Logger LOG = System.getLogger(Schedule.class.getName());

    private final ScheduleTask task;
    private final Instant scheduled;
    private final InstantSource clock;
    private final ScheduledExecutorService timers;
    private final BiConsumer<ScheduleRun, Run> whenEnded;
    private final ReentrantLock lock = new ReentrantLock();
    private State state = State.QUEUED;
    private @Nullable Thread thread;
    private Run.@Nullable Outcome verdict;

    ScheduleRun(
            ScheduleTask task,
            Instant scheduled,
            InstantSource clock,
            ScheduledExecutorService timers,
            BiConsumer<ScheduleRun, Run> whenEnded) {
        this.task = task;
        this.scheduled = scheduled;
        this.clock = clock;
        this.timers = timers;
        this.whenEnded = whenEnded;
    }

    ScheduleTask task() {
        return task;
    }

    @Override
    public void run() {
        if (!move(State.QUEUED, State.RUNNING, Thread.currentThread())) {
            return;
        }
        Instant started = clock.instant();
        Future<?> limit = null;
        Throwable error = null;
        boolean expected = false;
        try {
            limit = startLimit();
            task.work().run();
        } catch (Throwable e) {
            // an error that ended all later runs would be noticed by nobody
            error = e;
            expected = SafeLoopInterrupts.explain(e);
        }
        move(State.RUNNING, State.ENDED, null);
        // the thread may be an executor's, whose next work was not meant
        Thread.interrupted();
        if (limit != null) {
            limit.cancel(false);
        }
        end(started, error, expected);
    }

    private boolean move(State from, State to, @Nullable Thread thread) {
        lock.lock();
        try {
            boolean moves = state == from;
            if (moves) {
                state = to;
                this.thread = thread;
            }
            return moves;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Future<?> startLimit() {
        Duration limit = task.limit();
        return limit == null ? null : timers.schedule(this::overrun, limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void overrun() {
        Thread late = interrupt(Run.Outcome.TIMED_OUT);
        if (late != null) {
            LOG.log(
                    Level.WARNING,
                    this + " is interrupted, as it takes longer than its limit of " + task.limit() + ", at " + late
                            + "\n" + SafeLoopReport.trace(late.getStackTrace()));
        }
    }

    /** Ends it as cancelled, at once if it has not begun. */
    void cancel() {
        if (move(State.QUEUED, State.ENDED, null)) {
            give(Run.Outcome.CANCELLED, null);
        } else {
            interrupt(Run.Outcome.CANCELLED);
        }
    }

    /** Returns the thread it interrupted; null if there was nothing to interrupt. */
    private @Nullable Thread interrupt(Run.Outcome because) {
        lock.lock();
        try {
            Thread interrupted = thread;
            if (interrupted != null) {
                verdict = verdict == null ? because : verdict;
                interrupted.interrupt();
            }
            return interrupted;
        } finally {
            lock.unlock();
        }
    }

    /** There is no thread for it. */
    void refuse(Throwable error) {
        if (move(State.QUEUED, State.ENDED, null)) {
            LoopLog.log(LOG, Level.WARNING, this + " got no thread; it goes on with its next run", error);
            give(Run.Outcome.FAILED, error);
        }
    }

    private void give(Run.Outcome outcome, @Nullable Throwable error) {
        Instant now = clock.instant();
        whenEnded.accept(this, new Run(scheduled, now, now, outcome, error));
    }

    /**
     * Ends one that ran.
     *
     * @param expected whether an interrupt explains the error
     */
    private void end(Instant started, @Nullable Throwable error, boolean expected) {
        Run.Outcome outcome = outcome(error);
        if (outcome == Run.Outcome.FAILED) {
            LoopLog.log(LOG, Level.WARNING, this + " failed; it goes on with its next run", error);
        } else if (error != null && !expected) {
            LoopLog.log(LOG, Level.WARNING, this + " failed when it was interrupted", error);
        }
        whenEnded.accept(this, new Run(scheduled, started, clock.instant(), outcome, error));
    }

    private Run.Outcome outcome(@Nullable Throwable error) {
        lock.lock();
        try {
            Run.Outcome own = error == null ? Run.Outcome.SUCCEEDED : Run.Outcome.FAILED;
            return verdict == null ? own : verdict;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Thread thread() {
        lock.lock();
        try {
            return thread;
        } finally {
            lock.unlock();
        }
    }

    /** Names the thread, and says in the log whose run it is. */
    @Override
    public String toString() {
        return "task \"" + task.name() + "\" due at " + scheduled;
    }
}
