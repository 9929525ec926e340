package io.mutil.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Wakes a schedule at a time of the wall clock. An executor counts elapsed time, which stands still while some machines sleep and
 * does not follow a clock that is set, so the wall clock is read again at least so often.
 */
final class ScheduleTimer {
    private final InstantSource clock;
    private final ScheduledExecutorService executor;
    private final Duration longest;
    private final Runnable wake;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Instant armedFor;
    private @Nullable Future<?> armed;
    private long ticket;
    private boolean closed;

    ScheduleTimer(InstantSource clock, ScheduledExecutorService executor, Duration longest, Runnable wake) {
        this.clock = clock;
        this.executor = executor;
        this.longest = longest;
        this.wake = wake;
    }

    /** Wakes at a moment, or a little earlier, unless that is arranged already. */
    void arm(Instant at) {
        arm(at, delay(at));
    }

    /** Wakes once so much time has passed as may at most, whatever the clock says. */
    void armForLongest() {
        arm(Instant.MAX, longest);
    }

    private void arm(Instant at, Duration delay) {
        long own;
        lock.lock();
        try {
            if (closed || (armedFor != null && !armedFor.isAfter(at))) {
                return;
            }
            armedFor = at;
            own = ++ticket;
        } finally {
            lock.unlock();
        }
        try {
            keep(own, executor.schedule(() -> fire(own), delay.toNanos(), TimeUnit.NANOSECONDS));
        } catch (RuntimeException | Error e) {
            disarm(own);
            throw e;
        }
    }

    private boolean disarm(long own) {
        lock.lock();
        try {
            boolean current = !closed && own == ticket;
            if (current) {
                armedFor = null;
                armed = null;
            }
            return current;
        } finally {
            lock.unlock();
        }
    }

    private Duration delay(Instant at) {
        Duration delay = Duration.between(clock.instant(), at);
        if (delay.isNegative()) {
            return Duration.ZERO;
        }
        return delay.compareTo(longest) > 0 ? longest : delay;
    }

    private void keep(long own, Future<?> future) {
        Future<?> old = future;
        lock.lock();
        try {
            if (own == ticket && !closed) {
                old = armed;
                armed = future;
            }
        } finally {
            lock.unlock();
        }
        if (old != null) {
            old.cancel(false);
        }
    }

    private void fire(long own) {
        if (disarm(own)) {
            wake.run();
        }
    }

    void close() {
        Future<?> old;
        lock.lock();
        try {
            closed = true;
            old = armed;
            armed = null;
        } finally {
            lock.unlock();
        }
        if (old != null) {
            old.cancel(false);
        }
    }
}
