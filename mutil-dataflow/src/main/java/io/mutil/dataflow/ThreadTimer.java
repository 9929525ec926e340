package io.mutil.dataflow;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Real time, on one thread that is there once something was asked of it. */
final class ThreadTimer implements FlowTimer {
    private final ScheduledThreadPoolExecutor executor;

    ThreadTimer(NamedThreads threads) {
        // starts its thread with the first task
        executor = new ScheduledThreadPoolExecutor(1, threads);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void after(Duration delay, Runnable task) {
        try {
            var unused = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // the topology has ended
            return;
        }
    }

    @Override
    public void every(Duration period, Runnable task) {
        var unused = executor.scheduleAtFixedRate(task, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void park(Object waiter) {
        LockSupport.park(waiter);
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
