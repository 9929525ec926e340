package io.mutil.pipe;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Runs what blocks beside a test, and hands over how it ended. */
final class Background {
    /** Work that may fail. */
    interface Task {
        @Nullable
        Object run() throws Exception;
    }

    /** Work without a result. */
    interface Action {
        void run() throws Exception;
    }

    private Background() {}

    static CompletableFuture<Void> run(Action action) {
        return call(() -> {
            action.run();
            return null;
        });
    }

    static CompletableFuture<Void> call(Task task) {
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
