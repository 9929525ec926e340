package io.mutil.dispatch;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Timers for runs that may take only so long. */
interface Timeouts {
    /**
     * Does something when so much time has passed.
     *
     * @return cancels it
     */
    Runnable after(Duration delay, Runnable action);

    /** The timers of the caller's executor. */
    static Timeouts of(ScheduledExecutorService scheduler) {
        return (delay, action) -> {
            Future<?> timer = scheduler.schedule(action, nanos(delay), TimeUnit.NANOSECONDS);
            return () -> timer.cancel(false);
        };
    }

    /** One thread for all tables, which ends when it has had no timer for a while. What is due gets other threads. */
    static Timeouts shared() {
        return Shared.INSTANCE;
    }

    private static long nanos(Duration delay) {
        try {
            return delay.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE / 2; // 146 years
        }
    }

    /** Made when the first table needs it. */
    final class Shared {
        private static final int IDLE_SECONDS = 10;
        private static final Timeouts TIMERS = of(scheduler());
        private static final Timeouts INSTANCE = (delay, action) ->
                TIMERS.after(delay, () -> OperationThreads.shared().execute(action));

        private Shared() {}

        private static ScheduledExecutorService scheduler() {
            var scheduler = new ScheduledThreadPoolExecutor(1, work -> {
                var thread = new Thread(work, "mutil-dispatch-timeouts");
                thread.setDaemon(true);
                return thread;
            });
            scheduler.setRemoveOnCancelPolicy(true);
            scheduler.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
            scheduler.allowCoreThreadTimeOut(true);
            return scheduler;
        }
    }
}
