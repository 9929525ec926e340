package io.mutil.bench.frames;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Replies that come in a callback, and the application thread that waits for them. */
final class Replies {
    private final Receipt receipt;
    private long taken;
    private volatile @Nullable Thread waiting;

    Replies(Receipt receipt) {
        this.receipt = receipt;
    }

    void accept(ByteBuf frame) {
        receipt.accept(frame);
        wake();
    }

    void accept(byte[] frame) {
        receipt.accept(frame);
        wake();
    }

    void fail(Throwable cause) {
        receipt.fail(cause);
        wake();
    }

    private void wake() {
        // The counter was written with release semantics only: the next read must not overtake it.
        VarHandle.fullFence();
        Thread thread = waiting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /** Waits for the next reply. */
    void await() throws InterruptedException {
        taken++;
        if (receipt.count() >= taken) {
            return;
        }
        waiting = Thread.currentThread();
        while (receipt.count() < taken) {
            receipt.check();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.park(this);
        }
        waiting = null;
    }
}
