package io.mutil.cache;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Threads of a cache. What an executor does not take, because it has ended, is full, or finds no memory for a thread, happens all
 * the same, since somebody waits for it: what {@code callbacks} refuses on a thread for the disk, so that code of a caller's does not
 * keep the alarms, and what {@code disk} refuses in the thread that asked.
 *
 * @param disk threads that wait for the disk, and for nothing else
 * @param callbacks threads that run code of callers; they may wait for this very cache, so that nothing of its own must depend on
 *     them
 * @param alarms must not be kept
 */
record Threads(Executor disk, Executor callbacks, ScheduledExecutorService alarms) {
    /** On a thread that may wait for the disk. */
    void dispatch(Runnable work) {
        execute(disk, work, Runnable::run);
    }

    /** On a thread that may wait for anything, as code of the caller's may. */
    void callBack(Runnable work) {
        execute(callbacks, work, this::dispatch);
    }

    /** That of one who waits for the end of all it asks for. */
    Threads inPlace() {
        return new Threads(Runnable::run, Runnable::run, alarms);
    }

    /** Runs what does not throw. */
    private static void execute(Executor executor, Runnable work, Executor otherwise) {
        try {
            executor.execute(work);
        } catch (RuntimeException | Error refused) {
            otherwise.execute(work);
        }
    }

    /** Rings after so many milliseconds, unless it is closed before; never if the time for alarms is over. */
    AutoCloseable alarm(long millis, Runnable rung) {
        try {
            Future<?> alarm = alarms.schedule(rung, millis, TimeUnit.MILLISECONDS);
            return () -> alarm.cancel(false);
        } catch (RejectedExecutionException ended) {
            return () -> {}; // the cache is being closed, and whoever waits is told so
        }
    }
}
