package io.mutil.testkit;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Runs what blocks beside a test, and hands over how it ended. */
public final class Background {
    /** Work that may fail. */
    public interface Task {
        /** Does it. */
        @Nullable
        Object run() throws Exception;
    }

    /** Work without a result. */
    public interface Action {
        /** Does it. */
        void run() throws Exception;
    }

    private Background() {}

    /** Begins the work; completes when it has ended. */
    public static CompletableFuture<Void> run(Action action) {
        return call(() -> {
            action.run();
            return null;
        });
    }

    /** Begins the work, whose result nobody wants; completes when it has ended. */
    public static CompletableFuture<Void> call(Task task) {
        var done = new CompletableFuture<Void>();
        var thread = new Thread(() -> {
            try {
                var unused = task.run();
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return done;
    }
}
