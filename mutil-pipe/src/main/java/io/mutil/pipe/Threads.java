package io.mutil.pipe;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Threads for what can only be waited for, by default daemons named {@code mutil-pipe-} and what they do. */
record Threads(@Nullable ThreadFactory factory) {
    private static final Logger LOGGER = System.getLogger(Threads.class.getName());

    Thread newThread(String role, Runnable task) {
        if (factory != null) {
            return factory.newThread(task);
        }
        var thread = new Thread(task, "mutil-pipe-" + role);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Runs the task after a time, on a thread of its own, unless the future is cancelled before. If there is no thread to be
     * had it runs on the one that keeps the time.
     */
    CompletableFuture<Void> after(Duration time, String role, Runnable task) {
        var timer = new CompletableFuture<Void>().completeOnTimeout(null, time.toNanos(), TimeUnit.NANOSECONDS);
        var unused = timer.thenRunAsync(task, toRun -> runSomewhere(role, toRun));
        return timer;
    }

    private void runSomewhere(String role, Runnable task) {
        try {
            run(role, task);
        } catch (RuntimeException | Error e) {
            LOGGER.log(Level.WARNING, () -> "no thread for " + role, e);
            task.run();
        }
    }

    void run(String role, Runnable task) {
        newThread(role, task).start();
    }
}
