package io.mutil.ratelimit;

import io.mutil.ratelimit.GateState.Next;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A future that is completed at its turn. No thread waits for it. */
final class FutureWaiter extends Waiter {
    final CompletableFuture<Duration> future = new CompletableFuture<>();
    private final FutureTurns turns;
    private final AtomicReference<Timer> timer = new AtomicReference<>(new Timer(0, null));

    /** What the timer was set for; the one with the larger number knows better. */
    private record Timer(long number, @Nullable Future<?> set) {
        /** No other is set after it. */
        static final Timer NONE = new Timer(Long.MAX_VALUE, null);

        void stop() {
            if (set != null) {
                set.cancel(false);
            }
        }
    }

    FutureWaiter(FutureTurns turns, int permits, long arrived) {
        super(permits, arrived);
        this.turns = turns;
    }

    /** Gives its place up as soon as somebody else completes the future. */
    void giveUpWhenCompleted() {
        var unused = future.whenComplete((waited, failure) -> {
            replaceTimer(Timer.NONE);
            turns.giveUp(this);
        });
    }

    @Override
    void told(Next next) {
        try {
            Future<?> set = turns.scheduler().schedule(() -> turns.turn(this), next.nanos(), TimeUnit.NANOSECONDS);
            replaceTimer(new Timer(next.number(), set));
        } catch (RejectedExecutionException e) {
            turns.unscheduled(e);
        }
    }

    private void replaceTimer(Timer newer) {
        Timer older = timer.getAndUpdate(known -> known.number() > newer.number() ? known : newer);
        (older.number() > newer.number() ? newer : older).stop();
    }

    @Override
    void refused(String why) {
        try {
            turns.scheduler().execute(() -> future.completeExceptionally(new IllegalStateException(why)));
        } catch (RejectedExecutionException e) {
            future.completeExceptionally(new IllegalStateException(why));
        }
    }

    /** Whether it wanted the permits still. */
    boolean complete() {
        return future.complete(Duration.ofNanos(admitted - arrived));
    }
}
