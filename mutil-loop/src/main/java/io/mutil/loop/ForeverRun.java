package io.mutil.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A result that a callable will bring, on a thread of an executor. */
final class ForeverRun<T extends @Nullable Object> extends ForeverPending implements Runnable {
    private static final Object NEVER = "never";
    private static final VarHandle RUNNER;

    static {
        try {
            RUNNER = MethodHandles.lookup().findVarHandle(ForeverRun.class, "runner", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ForeverSlot<T> slot;
    private final Callable<? extends T> callable;
    private final @Nullable Executor executor;
    /** Null before it runs, then its thread; or a word, and it will never run. */
    private volatile @Nullable Object runner;

    private volatile boolean cancelled;

    ForeverRun(ForeverSlot<T> slot, Callable<? extends T> callable, @Nullable Executor executor) {
        this.slot = slot;
        this.callable = callable;
        this.executor = executor;
    }

    @Override
    void start() {
        try {
            Executor chosen = executor == null ? slot.core().executor() : executor;
            chosen.execute(this);
        } catch (Throwable e) {
            if (RUNNER.compareAndSet(this, null, NEVER)) {
                slot.complete(this, null, e);
            }
        }
    }

    @Override
    public void run() {
        if (!RUNNER.compareAndSet(this, null, Thread.currentThread())) {
            return;
        }
        T value = null;
        Throwable failure = null;
        try {
            value = callable.call();
        } catch (Throwable e) {
            failure = e;
        }
        if (!slot.complete(this, value, failure)) {
            awaitInterrupt();
        }
    }

    /**
     * Only the end of the source makes a completion come too late, and whoever ended it interrupts this thread next. That is for
     * the callable, not for what the thread does later.
     */
    private void awaitInterrupt() {
        while (!cancelled) {
            Thread.onSpinWait();
        }
        Thread.interrupted();
    }

    @Override
    void cancel() {
        if (!RUNNER.compareAndSet(this, null, NEVER) && runner instanceof Thread thread) {
            thread.interrupt();
            cancelled = true;
        }
    }
}
