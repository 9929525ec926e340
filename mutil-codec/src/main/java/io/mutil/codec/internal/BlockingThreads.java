package io.mutil.codec.internal;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads for what may block: virtual ones where the JDK has them. */
public final class BlockingThreads {
    private static final int IDLE_SECONDS = 10;

    private BlockingThreads() {}

    /** One for all that choose none. Nothing of it outlives its work for long, so nobody shuts it down. */
    public static Executor shared() {
        return Shared.EXECUTOR;
    }

    /** Whether they are virtual, so that many may wait at a time at little cost. */
    public static boolean areVirtual() {
        return !(shared() instanceof ThreadPoolExecutor);
    }

    private static final class Shared {
        static final Executor EXECUTOR = virtual();

        /** Compiled for 17, so the method of 21 is looked up. */
        private static Executor virtual() {
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

        private static Executor daemons() {
            return new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    new DefaultThreadFactory("mutil-handler", true));
        }
    }
}
