package io.mutil.wproxy;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A loop whose time and turns are a test's. For one thread. */
final class ManualLoop extends AbstractExecutorService implements ScheduledExecutorService, LongSupplier {
    private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>(
            Comparator.<Task<?>>comparingLong(task -> task.due).thenComparing(task -> task.number));
    private long now;
    private long count;

    private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {
        private final long number = count++;
        private final long due;

        Task(Callable<V> action, long due) {
            super(action);
            this.due = due;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - now, TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    /** Nanoseconds. */
    @Override
    public long getAsLong() {
        return now;
    }

    /** Does what is due now. */
    void turn() {
        while (!tasks.isEmpty() && tasks.element().due <= now) {
            tasks.remove().run();
        }
    }

    /** Lets time pass, and does what becomes due at its time. */
    void advance(Duration time) {
        long end = now + time.toNanos();
        turn();
        while (!tasks.isEmpty() && tasks.element().due <= end) {
            now = tasks.element().due;
            turn();
        }
        now = end;
    }

    @Override
    public void execute(Runnable task) {
        var unused = schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return schedule(
                () -> {
                    task.run();
                    return null;
                },
                delay,
                unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        var added = new Task<>(task, now + unit.toNanos(delay));
        tasks.add(added);
        return added;
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long delay, long period, TimeUnit unit) {
        return scheduleWithFixedDelay(task, delay, period, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initial, long delay, TimeUnit unit) {
        return schedule(
                () -> {
                    task.run();
                    var unused = scheduleWithFixedDelay(task, delay, delay, unit);
                },
                initial,
                unit);
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }
}
