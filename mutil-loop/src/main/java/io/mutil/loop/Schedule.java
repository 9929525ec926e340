package io.mutil.loop;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.Condition;
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
 * <p>Safe for use by many threads, tasks included. Tasks are not kept over a restart.
 */
public final class Schedule implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Schedule.class.getName());
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);
    private static final int MOST_OVER = 1000;

    /** When to look at a task; the number tells apart those of the same moment. */
    private record Wake(Instant at, long number) implements Comparable<Wake> {
        private static final Comparator<Wake> ORDER =
                Comparator.comparing(Wake::at).thenComparingLong(Wake::number);

        @Override
        public int compareTo(Wake other) {
            return ORDER.compare(this, other);
        }
    }

    private final InstantSource clock;
    private final ScheduledExecutorService timers;
    private final boolean ownsTimers;
    private final Executor executor;
    private final Duration lateness;
    private final Duration grace;
    private final int history;
    private final ScheduleTimer timer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private final Map<String, ScheduleTask> tasks = new LinkedHashMap<>();
    private final Map<String, ScheduleTask> over = new LinkedHashMap<>();
    private final TreeMap<Wake, ScheduleTask> waiting = new TreeMap<>();
    private final Map<ScheduleTask, Wake> wakes = new LinkedHashMap<>();
    private final ScheduleCounts counts = new ScheduleCounts();
    private Instant lastSeen;
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
        this.clock = clock;
        this.timers = timers;
        this.ownsTimers = ownsTimers;
        this.executor = executor;
        this.lateness = lateness;
        this.grace = grace;
        this.history = history;
        lastSeen = clock.instant();
        Duration longest = lateness.compareTo(LONGEST_SLEEP) < 0 ? lateness : LONGEST_SLEEP;
        timer = new ScheduleTimer(clock, timers, longest, this::wake);
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
        lock.lock();
        try {
            requireFree(name);
            var added = new ScheduleTask(name, task, plan, lateness, history, ++number);
            added.begin(look());
            over.remove(name);
            tasks.put(name, added);
            settle(added);
        } finally {
            lock.unlock();
        }
        arm();
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
        ScheduleRun run = runOf(name);
        boolean had = cancel(name);
        if (run != null) {
            run.cancel();
        }
        return had || run != null;
    }

    private @Nullable ScheduleRun runOf(String name) {
        lock.lock();
        try {
            ScheduleTask task = tasks.get(name);
            return task == null ? null : task.running();
        } finally {
            lock.unlock();
        }
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
        boolean changed = change(name, task -> task.resume(look()));
        arm();
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
            settle(task);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes notice of what changed about a task. */
    private void settle(ScheduleTask task) {
        Wake before = wakes.remove(task);
        if (before != null) {
            waiting.remove(before);
        }
        counts.missed(task.takeMissed());
        if (task.isOver()) {
            forget(task);
            return;
        }
        Instant at = task.wake();
        if (at != null) {
            var wake = new Wake(at, task.number());
            wakes.put(task, wake);
            waiting.put(wake, task);
        }
    }

    private void forget(ScheduleTask task) {
        if (tasks.remove(task.name(), task)) {
            over.put(task.name(), task);
        }
        if (over.size() > MOST_OVER) {
            over.remove(over.keySet().iterator().next());
        }
    }

    private void arm() {
        Instant at;
        lock.lock();
        try {
            if (closed || waiting.isEmpty()) {
                return;
            }
            at = waiting.firstKey().at();
        } finally {
            lock.unlock();
        }
        timer.arm(at);
    }

    /** For the timer. Nothing that happens here may end all runs for good. */
    private void wake() {
        try {
            due().forEach(this::launch);
            arm();
        } catch (RejectedExecutionException e) {
            LOG.log(Level.ERROR, "the scheduler takes no more timers, so no task runs any more", e);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a look at the tasks failed; there will be another", e);
            timer.armForLongest();
        }
    }

    private List<ScheduleRun> due() {
        List<ScheduleRun> runs = new ArrayList<>();
        lock.lock();
        try {
            Instant now = look();
            while (!closed && !waiting.isEmpty() && !waiting.firstKey().at().isAfter(now)) {
                ScheduleTask task = waiting.firstEntry().getValue();
                Instant scheduled = task.poll(now);
                if (scheduled != null) {
                    var run = new ScheduleRun(task, scheduled, clock, timers, this::ended);
                    task.started(run);
                    runs.add(run);
                }
                settle(task);
            }
        } finally {
            lock.unlock();
        }
        return runs;
    }

    /** The time, and what it means for tasks that wait if the clock was set back since it was read last. */
    private Instant look() {
        Instant now = clock.instant();
        if (now.isBefore(lastSeen)) {
            for (ScheduleTask task : List.copyOf(waiting.values())) {
                task.catchUp(now);
                settle(task);
            }
        }
        lastSeen = now;
        return now;
    }

    private void launch(ScheduleRun run) {
        try {
            executor.execute(run);
        } catch (RejectedExecutionException e) {
            run.refuse(e);
        }
    }

    private void ended(ScheduleRun run, Run record) {
        lock.lock();
        try {
            counts.ended(record.outcome());
            run.task().ended(record, look());
            settle(run.task());
            ended.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            arm();
        } catch (RejectedExecutionException e) {
            LOG.log(Level.ERROR, "the scheduler takes no more timers, so no task runs any more", e);
        }
    }

    /** The names of the tasks that have runs to come or one in progress, in the order in which they were added. */
    public Set<String> names() {
        lock.lock();
        try {
            return new LinkedHashSet<>(tasks.keySet());
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
            ScheduleTask task = tasks.containsKey(name) ? tasks.get(name) : over.get(name);
            return task == null ? List.of() : task.history();
        } finally {
            lock.unlock();
        }
    }

    /** What it does, and has done. */
    public ScheduleStats stats() {
        lock.lock();
        try {
            return counts.stats(tasks.values());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends all tasks, interrupts the runs in progress and waits for their end, 10 s at most unless chosen otherwise. Who runs on is
     * logged with a stack trace. It does not wait for a run that calls this. An interrupt ends the wait.
     */
    @Override
    public void close() {
        List<ScheduleRun> runs = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            for (ScheduleTask task : List.copyOf(tasks.values())) {
                task.cancel();
                if (task.running() != null) {
                    runs.add(task.running());
                }
                settle(task);
            }
        } finally {
            lock.unlock();
        }
        timer.close();
        runs.removeIf(run -> run.thread() == Thread.currentThread());
        runs.forEach(ScheduleRun::cancel);
        awaitEnd(runs);
        runs.forEach(Schedule::complain);
        if (ownsTimers) {
            timers.shutdownNow();
        }
    }

    private void awaitEnd(List<ScheduleRun> runs) {
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

    /** For the log. */
    @Override
    public String toString() {
        return "Schedule" + stats();
    }
}
