package io.mutil.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for code that may wait for anything: virtual ones where the JDK has them. */
final class CallbackThreads {
    /** Of platform threads; as many callers may be told at a time. */
    static final int MOST = 1000;

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
            return platform(platform, MOST);
        }
    }

    /** One more as long as none is free, up to so many; after that work waits. */
    static ExecutorService platform(ThreadFactory factory, int most) {
        return new ThreadPoolExecutor(
                0, most, IDLE_SECONDS, TimeUnit.SECONDS, new Free(), factory, CallbackThreads::leaveWaiting);
    }

    private static void leaveWaiting(Runnable work, ThreadPoolExecutor pool) {
        if (pool.isShutdown()) {
            throw new RejectedExecutionException("the cache is closed");
        }
        pool.getQueue().add(work);
    }

    /** Is full, to {@link ThreadPoolExecutor}, as long as no thread is free. */
    private static final class Free extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1;

        @Override
        public boolean offer(Runnable work) {
            return tryTransfer(work);
        }
    }
}
