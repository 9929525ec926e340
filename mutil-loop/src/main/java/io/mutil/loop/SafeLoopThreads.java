package io.mutil.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

/** A thread for each piece of work: a virtual one where the JDK has them, otherwise a daemon. */
final class SafeLoopThreads {
    private static final ThreadFactory FACTORY = factory();

    private SafeLoopThreads() {}

    /** Names each thread as the work names itself. */
    static Executor executor() {
        return work -> start(work.toString(), work);
    }

    static void start(String name, Runnable work) {
        Thread thread = FACTORY.newThread(work);
        thread.setName(name);
        thread.start();
    }

    /** Compiled for 17, so the methods of 21 are looked up. */
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
            return SafeLoopThreads::daemon;
        }
    }

    private static Thread daemon(Runnable work) {
        var thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }
}
