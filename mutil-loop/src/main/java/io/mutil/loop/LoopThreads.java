package io.mutil.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads of those who were given none; daemons or virtual. Compiled for 17, so the methods of 21 are looked up, and only
 * here.
 */
final class LoopThreads {
    private static final String NAME = "mutil-loop";
    private static final int IDLE_SECONDS = 10;
    private static final ThreadFactory FACTORY = factory();

    private LoopThreads() {}

    /** For what may block: virtual threads where the JDK has them, else daemon threads, as many as there is work. */
    static ExecutorService forBlocking() {
        try {
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
        ThreadFactory factory = task -> daemon(NAME + "-" + numbers.incrementAndGet(), task);
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
    }

    /** A thread for each piece of work, named as that names itself: a virtual one where the JDK has them, else a daemon. */
    static Executor perTask() {
        return work -> {
            Thread thread = FACTORY.newThread(work);
            thread.setName(work.toString());
            thread.start();
        };
    }

    /** The timers of all loops: one daemon thread, which ends when nothing waits for long. */
    static ScheduledExecutorService timers() {
        return Timers.SHARED;
    }

    /** Not virtual, for what must get on while work that never blocks keeps the carriers of virtual threads. */
    static Thread daemon(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private static ThreadFactory factory() {
        var lookup = MethodHandles.publicLookup();
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Class<?> ofVirtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
            Object virtual = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(ofVirtual))
                    .invoke();
            return (ThreadFactory) lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class))
                    .invoke(virtual);
        } catch (Throwable e) {
            return work -> daemon(NAME, work);
        }
    }

    private static final class Timers {
        static final ScheduledThreadPoolExecutor SHARED = start();

        private static ScheduledThreadPoolExecutor start() {
            var timers = new ScheduledThreadPoolExecutor(1, task -> daemon(NAME + "-timer", task));
            timers.setRemoveOnCancelPolicy(true);
            timers.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
            timers.allowCoreThreadTimeOut(true);
            return timers;
        }
    }
}
