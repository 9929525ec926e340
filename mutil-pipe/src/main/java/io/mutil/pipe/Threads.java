package io.mutil.pipe;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Threads for what can only be waited for, by default daemons named {@code mutil-pipe-} and what they do. */
record Threads(@Nullable ThreadFactory factory) {
    Thread newThread(String role, Runnable task) {
        if (factory != null) {
            return factory.newThread(task);
        }
        var thread = new Thread(task, "mutil-pipe-" + role);
        thread.setDaemon(true);
        return thread;
    }

    /** Runs the task after a time, on a thread of its own, unless the future is cancelled before. */
    CompletableFuture<Void> after(Duration time, String role, Runnable task) {
        var timer = new CompletableFuture<Void>().completeOnTimeout(null, time.toNanos(), TimeUnit.NANOSECONDS);
        var unused = timer.thenRunAsync(task, toRun -> run(role, toRun));
        return timer;
    }

    void run(String role, Runnable task) {
        newThread(role, task).start();
    }
}
