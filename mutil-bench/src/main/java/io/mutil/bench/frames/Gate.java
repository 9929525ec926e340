package io.mutil.bench.frames;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Where an application thread waits until a contestant takes more. */
final class Gate {
    private volatile @Nullable Thread waiting;

    /** Waits until the condition holds; who makes it hold calls {@link #open()} afterwards. */
    void await(BooleanSupplier condition, Receipt receipt) throws InterruptedException {
        if (condition.getAsBoolean()) {
            return;
        }
        waiting = Thread.currentThread();
        while (!condition.getAsBoolean()) {
            receipt.check();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.park(this);
        }
        waiting = null;
    }

    /** Wakes the thread that waits. */
    void open() {
        Thread thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }
}
