package io.mutil.dataflow;

import java.time.Duration;

/** Time as a running topology sees it: for ticks, and for workers that start again after a while. */
interface FlowTimer {
    /** Runs a task once; on a thread that must not be kept. */
    void after(Duration delay, Runnable task);

    /** Runs a task again and again, the first time after one period; on a thread that must not be kept. */
    void every(Duration period, Runnable task);

    /** Nanoseconds since some moment. */
    long nanoTime();

    /**
     * The calling thread has nothing to do until somebody else has: waits a little, or longer; it may come back for no reason.
     *
     * @param waiter what is woken by {@code LockSupport.unpark}
     */
    void park(Object waiter);

    /** Runs nothing more. */
    void close();
}
