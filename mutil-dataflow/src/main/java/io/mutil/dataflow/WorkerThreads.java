package io.mutil.dataflow;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that workers run on by default: virtual where the JDK has them, else a pool of one per processor. */
final class WorkerThreads {
    private static final boolean VIRTUAL = Runtime.version().feature() >= 21;

    private WorkerThreads() {}

    static ExecutorService forFlow(String name) {
        String prefix = name + "-worker";
        return VIRTUAL ? virtual(prefix) : pool(prefix);
    }

    /** A thread for each task that needs one at once, and no thread otherwise. */
    static ExecutorService spare(String name) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), new NamedThreads(name + "-spare"));
    }

    /** {@code Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(prefix).factory())}, which 17 cannot name. */
    private static ExecutorService virtual(String prefix) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            builder = type.getMethod("name", String.class).invoke(builder, prefix);
            Object factory = type.getMethod("factory").invoke(builder);
            return (ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, factory);
        } catch (NoSuchMethodException | ClassNotFoundException | IllegalAccessException e) {
            throw new LinkageError("a JDK 21 or newer without virtual threads", e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("virtual threads cannot be made", e.getCause());
        }
    }

    private static ExecutorService pool(String prefix) {
        var names = new NamedThreads(prefix);
        return new ForkJoinPool(
                Runtime.getRuntime().availableProcessors(),
                pool -> {
                    var thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
                    thread.setName(names.next());
                    return thread;
                },
                null,
                // first in, first out, as suits tasks that are never joined
                true);
    }
}
