package io.mutil.ratelimit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Both clocks and the timers of a test, which stand still unless they are moved. */
final class FakeTime extends AbstractExecutorService implements ScheduledExecutorService, LongSupplier, InstantSource {
    private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);
    private volatile Instant wall;
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.<Timer>comparingLong(t -> t.at).thenComparingLong(t -> t.number));
    private long made;
    private boolean shutDown;

    FakeTime() {
        this("2026-03-01T00:00:00Z");
    }

    FakeTime(String wall) {
        this.wall = Instant.parse(wall);
    }

    RateLimitBuilder builder(Rule... rules) {
        return RateLimit.builder(rules)
                .nanoTime(this)
                .clock(this)
                .scheduler(this)
                .random(() -> 42);
    }

    RateLimit limit(Rule... rules) {
        return builder(rules).build();
    }

    @Override
    public long getAsLong() {
        return nanos.get();
    }

    @Override
    public Instant instant() {
        return wall;
    }

    /** The wall clock alone jumps. */
    void jump(Duration by) {
        wall = wall.plus(by);
    }

    /** Both clocks go on, and timers run at their times. */
    void advance(Duration by) {
        advance(by.toNanos());
    }

    void advance(long by) {
        long target = nanos.get() + by;
        for (Timer next = first(); next != null && next.at <= target; next = first()) {
            move(next.at - nanos.get());
            remove(next);
            next.run();
        }
        move(target - nanos.get());
    }

    /** The clocks go on, and timers are late. */
    void stall(Duration by) {
        move(by.toNanos());
    }

    private void move(long by) {
        if (by > 0) {
            nanos.addAndGet(by);
            wall = wall.plusNanos(by);
        }
    }

    private synchronized Timer first() {
        return timers.peek();
    }

    private synchronized void remove(Timer timer) {
        timers.remove(timer);
    }

    synchronized int timers() {
        return timers.size();
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
            remove(this);
            return super.cancel(interrupt);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(at - nanos.get(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }

    @Override
    public synchronized ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        if (shutDown) {
            throw new RejectedExecutionException("shut down");
        }
        var timer = new Timer(task, nanos.get() + Math.max(0, unit.toNanos(delay)), made++);
        timers.add(timer);
        return timer;
    }

    @Override
    public synchronized void shutdown() {
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
        var unused = schedule(task, 0, TimeUnit.NANOSECONDS);
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
