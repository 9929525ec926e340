package io.mutil.sqlshard;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads with a name that do not keep the JVM from ending. */
final class DaemonThreads implements ThreadFactory {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public Thread newThread(Runnable work) {
        var thread = new Thread(work, "mutil-sqlshard-" + count.getAndIncrement());
        thread.setDaemon(true);
        return thread;
    }
}
