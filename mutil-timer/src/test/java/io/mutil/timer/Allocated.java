package io.mutil.timer;

import java.lang.reflect.Method;

/** What a thread allocates. By reflection, as these tests are compiled in a module that does not read those of the JDK's management. */
final class Allocated {
    private static final Object THREADS;
    private static final Method BYTES;

    static {
        try {
            THREADS = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            BYTES = Class.forName("com.sun.management.ThreadMXBean").getMethod("getThreadAllocatedBytes", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Allocated() {}

    /** Of this thread so far. */
    static long bytes() throws ReflectiveOperationException {
        return (long) BYTES.invoke(THREADS, Thread.currentThread().getId());
    }
}
