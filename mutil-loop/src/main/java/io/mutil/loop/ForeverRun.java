package io.mutil.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A result that a callable will bring, on a thread of an executor. */
final class ForeverRun<T extends @Nullable Object> extends ForeverPending implements Runnable {
    private static final Object ENDED = "ended";
    private static final Object INTERRUPTING = "interrupting";
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
    /** Null before it runs, then its thread, then a word. */
    private volatile @Nullable Object runner;

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
            slot.complete(this, null, e);
        }
    }

    @Override
    public void run() {
        var self = Thread.currentThread();
        if (!RUNNER.compareAndSet(this, null, self)) {
            return;
        }
        T value = null;
        Throwable failure = null;
        try {
            value = callable.call();
        } catch (Throwable e) {
            failure = e;
        }
        if (!RUNNER.compareAndSet(this, self, ENDED)) {
            awaitInterrupt();
        }
        slot.complete(this, value, failure);
    }

    /** The interrupt is for the callable, not for what the thread does next. */
    private void awaitInterrupt() {
        while (runner == INTERRUPTING) {
            Thread.onSpinWait();
        }
        Thread.interrupted();
    }

    @Override
    void cancel() {
        if (RUNNER.compareAndSet(this, null, ENDED)) {
            return;
        }
        if (runner instanceof Thread thread && RUNNER.compareAndSet(this, thread, INTERRUPTING)) {
            thread.interrupt();
            runner = ENDED;
        }
    }
}
