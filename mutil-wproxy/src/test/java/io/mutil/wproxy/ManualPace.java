package io.mutil.wproxy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A time that goes on when a test says so, and tells what is waited for. */
final class ManualPace implements Pace {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private long now;
    private long awaited = -1;

    @Override
    public long now() {
        lock.lock();
        try {
            return now;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void await(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (nanos - now > 0) {
                awaited = nanos;
                change.signalAll();
                change.await();
            }
            awaited = -1;
        } finally {
            lock.unlock();
        }
    }

    /** Returns when somebody waits for this time, which therefore has not come. */
    void awaitWaitFor(long nanos) throws InterruptedException {
        lock.lock();
        try {
            while (awaited != nanos) {
                if (!change.await(30, TimeUnit.SECONDS)) {
                    throw new AssertionError("nobody waits for " + nanos + ", but for " + awaited);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void advanceTo(long nanos) {
        lock.lock();
        try {
            now = nanos;
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
