package io.mutil.dispatch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for operations that nobody gave an executor for: virtual ones where the JDK has them, else daemon threads. */
final class OperationThreads {
    private static final Executor SHARED = start();

    private OperationThreads() {}

    static Executor shared() {
        return SHARED;
    }

    private static Executor start() {
        try {
            // compiled for 17, so the method of 21 is looked up
            return (Executor) MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(java.util.concurrent.ExecutorService.class))
                    .invoke();
        } catch (Throwable e) {
            return platform();
        }
    }

    /** One more as long as none is free. */
    private static Executor platform() {
        var number = new AtomicInteger();
        return Executors.newCachedThreadPool(work -> {
            var thread = new Thread(work, "mutil-dispatch-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
