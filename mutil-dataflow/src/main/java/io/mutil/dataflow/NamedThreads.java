package io.mutil.dataflow;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Daemon threads called {@code prefix-1}, {@code prefix-2} and so on. */
final class NamedThreads implements ThreadFactory {
    private final AtomicInteger count = new AtomicInteger();
    private final String prefix;

    NamedThreads(String prefix) {
        this.prefix = prefix;
    }

    String next() {
        return prefix + "-" + count.incrementAndGet();
    }

    @Override
    public Thread newThread(Runnable task) {
        var thread = new Thread(task, next());
        thread.setDaemon(true);
        return thread;
    }
}
