package io.mutil.loop;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs named tasks by plans, as long as the process lives.
 *
 * <pre>{@code
 * Schedule schedule = Schedule.start();
 * schedule.add("poll", Plan.every(Duration.ofSeconds(30)).delay(Duration.ofSeconds(5)), feed::poll);
 * schedule.add("report", Plan.daily(zone, LocalTime.of(9, 30)).missed(Missed.RUN_ONCE), feed::report);
 * schedule.next("report").ifPresent(System.out::println);
 * schedule.cancel("poll");
 * }</pre>
 *
 * <p>Runs of one task never overlap; those of different tasks may. A run that fails is logged with the name of its task, counted
 * and remembered, and the task goes on. Due times that pass without a run are {@link Missed missed}.
 *
 * <p>Due times are of the wall clock, which is read again at least every minute, so a machine that was asleep and a clock that was
 * set are noticed within that. {@link Plan} says what a clock that is set back means.
 *
 * <p>Safe for use by many threads, tasks included. Tasks are not kept over a restart. All threads are daemons unless chosen
 * otherwise, so a schedule alone does not keep the JVM alive.
 */
public final class Schedule implements AutoCloseable {
    private final @Nullable ExecutorService ownTimers;
    private final Duration lateness;
    private final Duration grace;
    private final int history;
    private final ReentrantLock lock = new ReentrantLock();
    private final ScheduleTasks tasks;
    private final ScheduleRuns runs;
    private long number;
    private boolean closed;

    Schedule(
            InstantSource clock,
            ScheduledExecutorService timers,
            boolean ownsTimers,
            Executor executor,
            Duration lateness,
            Duration grace,
            int history) {
        ownTimers = ownsTimers ? timers : null;
        this.lateness = lateness;
        this.grace = grace;
        this.history = history;
        tasks = new ScheduleTasks(clock, lateness);
        runs = new ScheduleRuns(lock, tasks, clock, timers, executor, lateness);
    }

    /** Starts one with the system's clock and threads of its own. */
    public static Schedule start() {
        return builder().start();
    }

    /** Choices. */
    public static ScheduleBuilder builder() {
        return new ScheduleBuilder();
    }

    /**
     * Adds a task. The history of one that is over and had the same name is forgotten.
     *
     * @throws IllegalStateException if a task of that name has runs to come or one in progress, or the schedule is closed
     */
    public void add(String name, Plan plan, SafeLoop.Task task) {
        requireNonNull(name, "name");
        requireNonNull(plan, "plan");
        requireNonNull(task, "task");
        ScheduleTask added = enter(name, plan, task);
        try {
            runs.arm();
        } catch (RuntimeException | Error e) {
            end(added);
            throw e;
        }
    }

    private ScheduleTask enter(String name, Plan plan, SafeLoop.Task task) {
        lock.lock();
        try {
            requireFree(name);
            var added = new ScheduleTask(name, task, plan, lateness, history, ++number);
            added.begin(tasks.look());
            tasks.add(added);
            return added;
        } finally {
            lock.unlock();
        }
    }

    private void end(ScheduleTask task) {
        lock.lock();
        try {
            task.cancel();
            tasks.settle(task);
        } finally {
            lock.unlock();
        }
    }

    private void requireFree(String name) {
        if (closed) {
            throw new IllegalStateException("the schedule is closed, so it takes no task \"" + name + "\"");
        }
        ScheduleTask present = tasks.get(name);
        if (present != null) {
            throw new IllegalStateException("there is a task \"" + name + "\" already; "
                    + (present.isActive() ? "cancel it first" : "it was cancelled, but its last run goes on"));
        }
    }

    /**
     * Ends a task; a run in progress goes on.
     *
     * @return whether there was one with runs to come
     */
    public boolean cancel(String name) {
        return change(name, ScheduleTask::cancel);
    }

    /**
     * Ends a task, and interrupts a run in progress, also that of a task which has been cancelled already.
     *
     * @return whether there was one with runs to come or one in progress
     */
    public boolean cancelNow(String name) {
        ScheduleRun run;
        lock.lock();
        try {
            ScheduleTask task = tasks.get(name);
            if (task == null) {
                return false;
            }
            // read together with the end of the task, so that no run begins between
            run = task.running();
            task.cancel();
            tasks.settle(task);
        } finally {
            lock.unlock();
        }
        if (run != null) {
            run.cancel();
        }
        return true;
    }

    /**
     * Begins no more runs of a task until {@link #resume}; a run in progress goes on.
     *
     * @return whether there is one with runs to come
     */
    public boolean pause(String name) {
        return change(name, ScheduleTask::pause);
    }

    /**
     * Goes on with a task that was paused. What was due meanwhile is missed.
     *
     * @return whether there is one with runs to come
     */
    public boolean resume(String name) {
        boolean changed = change(name, task -> task.resume(tasks.look()));
        runs.arm();
        return changed;
    }

    private boolean change(String name, Consumer<ScheduleTask> change) {
        lock.lock();
        try {
            ScheduleTask task = tasks.get(name);
            if (task == null || !task.isActive()) {
                return false;
            }
            change.accept(task);
            tasks.settle(task);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The names of the tasks that have runs to come or one in progress, in the order in which they were added. */
    public Set<String> names() {
        lock.lock();
        try {
            Set<String> names = new LinkedHashSet<>();
            tasks.all().forEach(task -> names.add(task.name()));
            return names;
        } finally {
            lock.unlock();
        }
    }

    /**
     * When a task is due next: a moment that has passed if it is paused or its run before goes on. Empty if no run is to come, or
     * the end of a run is to tell when.
     */
    public Optional<Instant> next(String name) {
        lock.lock();
        try {
            return Optional.ofNullable(tasks.get(name)).map(ScheduleTask::next);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The latest runs of a task that have ended, oldest first; empty for a name that is not known. Those of the last thousand tasks
     * that are over are known too.
     */
    public List<Run> history(String name) {
        lock.lock();
        try {
            return tasks.history(name);
        } finally {
            lock.unlock();
        }
    }

    /** What it does, and has done. */
    public ScheduleStats stats() {
        lock.lock();
        try {
            return tasks.stats();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends all tasks, interrupts the runs in progress and waits for their end, 5 s at most unless chosen otherwise: a close hook
     * that calls this needs a deadline that is longer. Who runs on is logged with a stack trace. It does not wait for a run that calls this. An interrupt ends the wait.
     */
    @Override
    public void close() {
        List<ScheduleRun> inProgress = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            for (ScheduleTask task : tasks.all()) {
                if (task.running() != null) {
                    inProgress.add(task.running());
                }
                task.cancel();
                tasks.settle(task);
            }
        } finally {
            lock.unlock();
        }
        runs.end(inProgress, grace);
        if (ownTimers != null) {
            ownTimers.shutdownNow();
        }
    }

    /** For the log. */
    @Override
    public String toString() {
        return "Schedule" + stats();
    }
}
