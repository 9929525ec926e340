package io.mutil.dispatch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Ends as the stage of an operation does. To cancel it cancels the stage, where that can be done, and ends the wait in any case. */
final class StageFuture extends CompletableFuture<@Nullable Object> {
    private final CompletionStage<?> stage;

    private StageFuture(CompletionStage<?> stage) {
        this.stage = stage;
    }

    static StageFuture of(CompletionStage<?> stage) {
        var future = new StageFuture(stage);
        // not toCompletableFuture, which a stage need not have
        var unused = stage.whenComplete((value, error) -> {
            if (error == null) {
                future.complete(value);
            } else {
                future.completeExceptionally(cause(error));
            }
        });
        return future;
    }

    /** What the operation's own code threw, without what stages wrap it in. */
    private static Throwable cause(Throwable error) {
        Throwable cause = error.getCause();
        return error instanceof CompletionException && cause != null ? cause : error;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        try {
            stage.toCompletableFuture().cancel(mayInterruptIfRunning);
        } catch (UnsupportedOperationException e) {
            // it goes on, and nobody waits for it
        }
        return super.cancel(mayInterruptIfRunning);
    }
}
