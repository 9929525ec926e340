package io.mutil.ratelimit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A future that is completed at its turn. No thread waits for it. */
final class FutureWaiter extends Waiter {
    final CompletableFuture<Duration> future = new CompletableFuture<>();
    private final FutureTurns turns;
    private volatile @Nullable Future<?> timer;

    FutureWaiter(FutureTurns turns, int permits, long arrived) {
        super(permits, arrived);
        this.turns = turns;
    }

    /** Gives its place up as soon as somebody else completes the future. */
    void leaveWhenCompleted() {
        var unused = future.whenComplete((waited, failure) -> {
            stopTimer();
            turns.leave(this);
        });
    }

    @Override
    void told(long nanos) {
        stopTimer();
        try {
            timer = turns.scheduler().schedule(() -> turns.turn(this), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            turns.unscheduled(e);
        }
    }

    @Override
    void refused(String why) {
        future.completeExceptionally(new IllegalStateException(why));
    }

    private void stopTimer() {
        Future<?> set = timer;
        if (set != null) {
            set.cancel(false);
        }
    }

    /** Whether it wanted the permits still. */
    boolean complete() {
        return future.complete(Duration.ofNanos(admitted - arrived));
    }
}
