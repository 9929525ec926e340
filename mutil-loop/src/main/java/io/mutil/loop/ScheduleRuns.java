package io.mutil.loop;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Begins runs when they are due, and takes notice of their end. Shares the lock of its schedule. */
final class ScheduleRuns {
    private static final Logger LOG = System.getLogger(Schedule.class.getName());
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

    private final ReentrantLock lock;
    private final Condition ended;
    private final ScheduleTasks tasks;
    private final InstantSource clock;
    private final ScheduledExecutorService timers;
    private final Executor executor;
    private final ScheduleTimer timer;

    ScheduleRuns(
            ReentrantLock lock,
            ScheduleTasks tasks,
            InstantSource clock,
            ScheduledExecutorService timers,
            Executor executor,
            Duration lateness) {
        this.lock = lock;
        ended = lock.newCondition();
        this.tasks = tasks;
        this.clock = clock;
        this.timers = timers;
        this.executor = executor;
        Duration longest = lateness.compareTo(LONGEST_SLEEP) < 0 ? lateness : LONGEST_SLEEP;
        timer = new ScheduleTimer(clock, timers, longest, this::wake);
    }

    /** Has the tasks looked at when the next one is due. */
    void arm() {
        Instant at;
        String told;
        lock.lock();
        try {
            told = tasks.takeNotice();
            at = tasks.nextLook();
        } finally {
            lock.unlock();
        }
        if (told != null) {
            LoopLog.log(LOG, Level.WARNING, told, null);
        }
        if (at != null) {
            timer.arm(at);
        }
    }

    /** For the timer. Nothing that happens here may end all runs for good. */
    private void wake() {
        List<ScheduleRun> runs = new ArrayList<>();
        try {
            try {
                collectDue(runs);
            } finally {
                runs.forEach(this::launch);
            }
            arm();
        } catch (Throwable e) {
            lookLater(e);
        }
    }

    private void lookLater(Throwable failure) {
        LoopLog.log(LOG, Level.ERROR, "a look at the tasks failed; there will be another", failure);
        try {
            timer.armForLongest();
        } catch (Throwable e) {
            LoopLog.log(LOG, Level.ERROR, "the scheduler takes no more timers, so no task runs any more", e);
        }
    }

    private void collectDue(List<ScheduleRun> runs) {
        lock.lock();
        try {
            Instant now = tasks.look();
            ScheduleTask task = tasks.firstDue(now);
            while (task != null) {
                Instant scheduled = task.poll(now);
                if (scheduled != null) {
                    var run = new ScheduleRun(task, scheduled, clock, timers, this::ended);
                    runs.add(run);
                    task.started(run);
                }
                tasks.settle(task);
                task = tasks.firstDue(now);
            }
        } finally {
            lock.unlock();
        }
    }

    private void launch(ScheduleRun run) {
        try {
            executor.execute(run);
        } catch (Throwable e) {
            // such as the OutOfMemoryError that says that there are no more threads
            run.refuse(e);
        }
    }

    private void ended(ScheduleRun run, Run record) {
        lock.lock();
        try {
            tasks.ended(run.task(), record);
            ended.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            arm();
        } catch (Throwable e) {
            lookLater(e);
        }
    }

    /** Begins no more; interrupts those in progress and waits for them, but not for one that calls this. */
    void end(List<ScheduleRun> inProgress, Duration grace) {
        timer.close();
        List<ScheduleRun> others = new ArrayList<>(inProgress);
        others.removeIf(run -> run.thread() == Thread.currentThread());
        others.forEach(ScheduleRun::cancel);
        awaitEnd(others, grace);
        others.forEach(ScheduleRuns::complain);
    }

    private void awaitEnd(List<ScheduleRun> runs, Duration grace) {
        long left = grace.toNanos();
        lock.lock();
        try {
            while (left > 0 && runs.stream().anyMatch(run -> run.task().running() == run)) {
                left = ended.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private static void complain(ScheduleRun run) {
        Thread thread = run.thread();
        if (thread != null) {
            LOG.log(
                    Level.WARNING,
                    run + " goes on though the schedule is closed, at " + thread + "\n"
                            + SafeLoopReport.trace(thread.getStackTrace()));
        }
    }
}
