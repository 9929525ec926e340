package io.mutil.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for code that may wait for anything: virtual ones where the JDK has them. */
final class CallbackThreads {
    private static final int IDLE_SECONDS = 10;

    private CallbackThreads() {}

    /**
     * As many as there is work, so that none waits for another to be free.
     *
     * @param platform makes them before JDK 21
     */
    static ExecutorService start(ThreadFactory platform) {
        try {
            // compiled for 17, so the method of 21 is looked up
            return (ExecutorService) MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class))
                    .invoke();
        } catch (Throwable e) {
            return new ThreadPoolExecutor(
                    0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), platform);
        }
    }
}
