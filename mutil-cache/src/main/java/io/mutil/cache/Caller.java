package io.mutil.cache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One who waits for an answer, until it is there, the time is up, or the future is completed by somebody else. It is told once:
 * whatever else comes while the executor is busy changes nothing, in the figures neither.
 */
final class Caller {
    private final Callers callers;
    private final Ask ask;
    private final Executor executor;
    private final CompletableFuture<Answer> future = new CompletableFuture<>();
    private final AtomicBoolean hasPlace = new AtomicBoolean(true);
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile @Nullable FetchFailedException gaveUp;
    private volatile @Nullable Flight flight;

    /** @param executor where the future completes, and what depends on it runs */
    Caller(Callers callers, Ask ask, Executor executor) {
        this.callers = callers;
        this.ask = ask;
        this.executor = executor;
    }

    Ask ask() {
        return ask;
    }

    CompletableFuture<Answer> future() {
        return future;
    }

    /** That of a flight that it has boarded. */
    void boarded(Flight boarded) {
        flight = boarded;
    }

    void answer(Answer answer) {
        if (isFirst()) {
            end(() -> future.complete(answer));
        }
    }

    void fail(Throwable failure) {
        if (isFirst()) {
            end(() -> future.completeExceptionally(failure));
        }
    }

    /** What may stand in, or else the failure. */
    void fail(@Nullable Held known, FetchFailedException failure) {
        if (isFirst()) {
            endWithout(known, failure);
        }
    }

    /** It does not wait for what is under way any more. */
    void giveUp(FetchFailedException reason) {
        if (isFirst()) {
            gaveUp = reason;
            Flight boarded = flight;
            endWithout(boarded == null ? null : boarded.known(), reason);
        }
    }

    /** Why it gave up; null if it did not. */
    @Nullable
    FetchFailedException gaveUp() {
        return gaveUp;
    }

    private boolean isFirst() {
        return !future.isDone() && told.compareAndSet(false, true);
    }

    private void endWithout(@Nullable Held known, FetchFailedException failure) {
        Answer stale = failure.isTrouble() ? callers.parts().standIn(ask, known) : null;
        end(() -> {
            if (stale == null) {
                future.completeExceptionally(failure);
            } else {
                future.complete(stale);
            }
        });
    }

    private void end(Runnable completion) {
        executor.execute(() -> {
            if (gaveUp == null) {
                leavePlace(); // before anybody knows, who may call again at once
            }
            completion.run();
        });
    }

    /**
     * Somebody has completed the future. What was queued for one who did not wait for it takes its place in the queue of the threads
     * all the same, so the place is left when they have come by.
     */
    void ended() {
        if (hasPlace.get()) {
            callers.parts().threads().dispatch(this::leavePlace);
        }
    }

    private void leavePlace() {
        if (hasPlace.compareAndSet(true, false)) {
            callers.leavePlace();
        }
    }
}
