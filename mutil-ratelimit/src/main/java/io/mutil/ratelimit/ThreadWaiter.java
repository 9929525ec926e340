package io.mutil.ratelimit;

import java.util.concurrent.locks.LockSupport;

/** A thread that sleeps until its turn. */
final class ThreadWaiter extends Waiter {
    private final Thread thread = Thread.currentThread();
    /** The tick after which it gives up. */
    final long deadline;

    ThreadWaiter(int permits, long arrived, long deadline) {
        super(permits, arrived);
        this.deadline = deadline;
    }

    /** It finds out when it looks. */
    @Override
    void told(GateState.Next next) {
        LockSupport.unpark(thread);
    }

    /** It finds out when it looks. */
    @Override
    void refused(String why) {
        LockSupport.unpark(thread);
    }
}
