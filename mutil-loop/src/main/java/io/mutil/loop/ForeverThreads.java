package io.mutil.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The threads of loops that were given none. */
final class ForeverThreads {
    private static final String NAME = "mutil-loop";
    private static final int IDLE_SECONDS = 10;

    private ForeverThreads() {}

    /** For what may block: virtual threads where the JDK has them, else daemon threads, as many as there is work. */
    static ExecutorService forBlocking() {
        try {
            // compiled for 17, so the method of 21 is looked up
            return (ExecutorService) MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class))
                    .invoke();
        } catch (Throwable e) {
            return daemons();
        }
    }

    static ExecutorService daemons() {
        var numbers = new AtomicLong();
        ThreadFactory factory = task -> daemon(task, NAME + "-" + numbers.incrementAndGet());
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
    }

    /** The timers of all loops: one daemon thread, which ends when nothing waits for long. */
    static ScheduledExecutorService timers() {
        return Timers.SHARED;
    }

    private static Thread daemon(Runnable task, String name) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private static final class Timers {
        static final ScheduledThreadPoolExecutor SHARED = start();

        private static ScheduledThreadPoolExecutor start() {
            var timers = new ScheduledThreadPoolExecutor(1, task -> daemon(task, NAME + "-timer"));
            timers.setRemoveOnCancelPolicy(true);
            timers.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
            timers.allowCoreThreadTimeOut(true);
            return timers;
        }
    }
}
