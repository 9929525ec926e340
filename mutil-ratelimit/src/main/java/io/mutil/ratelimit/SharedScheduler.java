package io.mutil.ratelimit;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The timers of all limits that were given no scheduler: one daemon thread, which ends when nothing waits for long. */
final class SharedScheduler {
    private static final ScheduledThreadPoolExecutor INSTANCE = start();

    private SharedScheduler() {}

    private static ScheduledThreadPoolExecutor start() {
        var scheduler = new ScheduledThreadPoolExecutor(1, task -> {
            var thread = new Thread(task, "mutil-ratelimit");
            thread.setDaemon(true);
            return thread;
        });
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setKeepAliveTime(10, TimeUnit.SECONDS);
        scheduler.allowCoreThreadTimeOut(true);
        return scheduler;
    }

    static ScheduledExecutorService instance() {
        return INSTANCE;
    }
}
