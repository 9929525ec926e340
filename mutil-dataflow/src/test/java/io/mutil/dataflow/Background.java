package io.mutil.dataflow;

import java.util.concurrent.CompletableFuture;

/** Runs what blocks beside a test, and hands over how it ended. */
final class Background {
    /** Work that may fail. */
    interface Action {
        void run() throws Exception;
    }

    private Background() {}

    static CompletableFuture<Void> run(Action action) {
        var done = new CompletableFuture<Void>();
        var thread = new Thread(() -> {
            try {
                action.run();
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
