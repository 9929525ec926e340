package io.mutil.ratelimit;

import io.mutil.ratelimit.GateState.Next;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** Completes futures at their turns, one after the other, each with the time that it is then. */
final class FutureTurns {
    private final GateState state;
    private final ScheduledExecutorService scheduler;

    FutureTurns(GateState state, ScheduledExecutorService scheduler) {
        this.state = state;
        this.scheduler = scheduler;
    }

    ScheduledExecutorService scheduler() {
        return scheduler;
    }

    /** On the thread of the scheduler, when the turn should have come. */
    void turn(FutureWaiter waiter) {
        FutureWaiter at = waiter;
        while (at != null) {
            at = handOver(at);
        }
    }

    /** Completes a future if it is its turn; returns the next if it is the turn of that as well. */
    private @Nullable FutureWaiter handOver(FutureWaiter waiter) {
        boolean due;
        Next next;
        state.lock();
        try {
            long now = state.now();
            if (waiter != state.line.first()) {
                return null;
            }
            due = state.isDue(waiter, now);
            if (due) {
                state.admit(waiter, now);
                next = state.settle(now);
            } else {
                next = state.next(waiter, now);
            }
        } finally {
            state.unlock();
        }
        FutureWaiter also = due && next != null && next.nanos() <= 0 && next.waiter() instanceof FutureWaiter future
                ? future
                : null;
        if (also == null) {
            Next.tell(next);
        }
        if (due && !waiter.complete()) {
            giveBack(waiter);
        }
        return also;
    }

    /** Who was cancelled just before its turn. */
    private void giveBack(FutureWaiter waiter) {
        Next next;
        state.lock();
        try {
            next = state.giveBack(state.now(), waiter.admitted, waiter.permits);
        } finally {
            state.unlock();
        }
        Next.tell(next);
    }

    /** Somebody has completed it; it wants its place in the line no longer, if it is in it still. */
    void giveUp(FutureWaiter waiter) {
        Next next;
        state.lock();
        try {
            next = state.giveUp(waiter);
        } finally {
            state.unlock();
        }
        Next.tell(next);
    }

    /** The scheduler takes no more timers, so no future will have its turn. */
    void unscheduled(RejectedExecutionException why) {
        List<Waiter> futures;
        Next next;
        state.lock();
        try {
            futures = state.line.removeIf(FutureWaiter.class::isInstance);
            state.cancelled += futures.size();
            next = state.settle(state.now());
        } finally {
            state.unlock();
        }
        Next.tell(next);
        futures.forEach(waiter -> ((FutureWaiter) waiter).future.completeExceptionally(why));
    }
}
