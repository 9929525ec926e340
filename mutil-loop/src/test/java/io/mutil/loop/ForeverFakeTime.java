package io.mutil.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Clocks and timers of a test, which stand still unless they are moved. For one thread. */
final class ForeverFakeTime extends AbstractExecutorService implements ScheduledExecutorService {

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.<Timer>comparingLong(t -> t.at).thenComparingLong(t -> t.number));
    private long nanos;
    private long made;
    private boolean shutDown;

    ForeverLoopBuilder builder() {
        return ForeverLoop.builder().scheduler(this).executor(Runnable::run);
    }

    /** Goes on, and runs timers at their times. */
    void advance(Duration by) {
        long target = nanos + by.toNanos();
        for (Timer next = timers.peek(); next != null && next.at <= target; next = timers.peek()) {
            nanos = Math.max(nanos, next.at);
            timers.remove(next);
            next.run();
        }
        nanos = target;
    }

    /** How long until each timer. */
    List<Duration> delays() {
        var delays = new ArrayList<Duration>();
        timers.forEach(timer -> delays.add(Duration.ofNanos(timer.at - nanos)));
        return delays;
    }

    private final class Timer extends FutureTask<Object> implements ScheduledFuture<Object> {
        private final long at;
        private final long number;

        Timer(Runnable task, long at, long number) {
            super(task, null);
            this.at = at;
            this.number = number;
        }

        @Override
        public boolean cancel(boolean interrupt) {
            timers.remove(this);
            return super.cancel(interrupt);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(at - nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        if (shutDown) {
            throw new RejectedExecutionException("shut down");
        }
        var timer = new Timer(task, nanos + unit.toNanos(delay), made++);
        timers.add(timer);
        return timer;
    }

    @Override
    public void shutdown() {
        shutDown = true;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long first, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Runnable> shutdownNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isShutdown() {
        return shutDown;
    }

    @Override
    public boolean isTerminated() {
        return shutDown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shutDown;
    }
}
