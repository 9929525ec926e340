package io.mutil.sqlshard;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Does on a few platform threads what a virtual thread asks for, as a virtual thread in native code keeps its carrier from
 * all others; a platform thread does it itself.
 */
final class Handoff implements AutoCloseable {
    private static final int IDLE_SECONDS = 10;
    private static final @Nullable MethodHandle IS_VIRTUAL = isVirtualMethod();

    private final Semaphore permits;
    private final ThreadPoolExecutor threads;

    interface Work<R extends @Nullable Object> {
        R run() throws IOException, InterruptedException;
    }

    Handoff(int limit, ThreadFactory factory) {
        permits = new Semaphore(limit);
        // no longer than the permits
        var queue = new LinkedBlockingQueue<Runnable>();
        threads = new ThreadPoolExecutor(limit, limit, IDLE_SECONDS, TimeUnit.SECONDS, queue, factory);
        threads.allowCoreThreadTimeOut(true);
    }

    /** Compiled for 17, so the method of 21 is looked up. */
    private static @Nullable MethodHandle isVirtualMethod() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    static boolean isVirtual(Thread thread) {
        try {
            return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(thread);
        } catch (Throwable e) {
            throw new LinkageError("Thread.isVirtual cannot be called", e);
        }
    }

    <R extends @Nullable Object> R call(Work<R> work) throws IOException, InterruptedException {
        return isVirtual(Thread.currentThread()) ? handOver(work::run) : work.run();
    }

    <R extends @Nullable Object> R handOver(Callable<R> work) throws IOException, InterruptedException {
        permits.acquire();
        var task = new FutureTask<R>(work);
        start(task);
        return result(task);
    }

    /** The permit comes back when the task has ended, even if nobody waits for it any more. */
    private void start(Runnable task) {
        boolean handed = false;
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } finally {
                    permits.release();
                }
            });
            handed = true;
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("store is closed; open it again", e);
        } finally {
            if (!handed) {
                permits.release();
            }
        }
    }

    static <R extends @Nullable Object> R result(Future<R> task) throws IOException, InterruptedException {
        try {
            return task.get();
        } catch (InterruptedException e) {
            task.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    /** What a task on another thread threw, to be thrown here. */
    static RuntimeException rethrown(@Nullable Throwable cause) throws IOException, InterruptedException {
        if (cause instanceof IOException e) {
            throw e;
        }
        if (cause instanceof InterruptedException e) {
            throw e;
        }
        if (cause instanceof Error e) {
            throw e;
        }
        return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
