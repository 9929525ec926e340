package io.mutil.loop;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Consumers that wait for a result, in order of arrival.
 *
 * <p>Who waits enters the line first and then looks for a result once more; who brings a result looks for somebody in the line
 * after that. So one of the two sees the other. Somebody woken who leaves without a result wakes the next.
 */
final class ForeverLine {
    /** Who waits. Once woken it is out of the line. */
    interface Waiter {
        /** There may be a result, or none will come. Any thread; returns at once. */
        void wake();
    }

    private final ConcurrentLinkedQueue<Waiter> waiters = new ConcurrentLinkedQueue<>();

    void enter(Waiter waiter) {
        waiters.add(waiter);
    }

    /** Leaves for looking for a result, so whatever the waiter was woken for is not lost. */
    void leaveToLook(Waiter waiter) {
        waiters.remove(waiter);
    }

    /** Leaves; if somebody woke the waiter meanwhile, that goes to the next. */
    void leave(Waiter waiter) {
        if (!waiters.remove(waiter)) {
            wakeOne();
        }
    }

    void wakeOne() {
        Waiter waiter = waiters.poll();
        if (waiter != null) {
            waiter.wake();
        }
    }

    void wakeAll() {
        for (Waiter waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            waiter.wake();
        }
    }

    int length() {
        return waiters.size();
    }

    /** A thread that waits. */
    static final class Sleeper implements Waiter {
        private final Thread thread = Thread.currentThread();
        private volatile boolean woken;

        @Override
        public void wake() {
            woken = true;
            LockSupport.unpark(thread);
        }

        /**
         * Waits until woken.
         *
         * @param nanos at most; {@link Long#MAX_VALUE} for ever
         * @return whether it was
         */
        boolean sleep(@Nullable Object blocker, long nanos) throws InterruptedException {
            long end = nanos == Long.MAX_VALUE ? 0 : System.nanoTime() + nanos;
            while (!woken) {
                if (nanos == Long.MAX_VALUE) {
                    LockSupport.park(blocker);
                } else {
                    long left = end - System.nanoTime();
                    if (left <= 0) {
                        return false;
                    }
                    LockSupport.parkNanos(blocker, left);
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            return true;
        }
    }
}
