package io.mutil.loop;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Hands results to a subscriber as long as it wants some.
 *
 * <p>Signals come one after the other: whoever has news counts a turn, and who counted the first serves until no turn is left.
 * After the last signal a turn stays, so nothing follows it.
 */
final class ForeverSubscription<T extends @Nullable Object> implements Flow.Subscription, Runnable {
    /** So many results in a row, before the thread is offered to others. */
    private static final int ROW = 256;

    private static final System.Logger LOG = System.getLogger(ForeverLoop.class.getName());

    private final ForeverCore<T> core;
    private final Executor executor;
    private final AtomicLong demand = new AtomicLong();
    private final AtomicInteger turns = new AtomicInteger(1);
    private volatile Flow.@Nullable Subscriber<? super Completion<T>> subscriber;
    private volatile @Nullable IllegalArgumentException badRequest;
    private volatile boolean cancelled;
    private ForeverLine.@Nullable Waiter waiter;

    ForeverSubscription(ForeverCore<T> core, Executor executor, Flow.Subscriber<? super Completion<T>> subscriber) {
        this.core = core;
        this.executor = executor;
        this.subscriber = subscriber;
    }

    /** Nothing else is signalled before {@code onSubscribe} has returned. */
    void start() {
        core.enter(this);
        boolean accepted = false;
        try {
            requireNonNull(subscriber).onSubscribe(this);
            accepted = true;
        } finally {
            if (!accepted) {
                finish();
            }
        }
        if (core.isOver() || cancelled) {
            run();
        } else {
            execute(this);
        }
    }

    @Override
    public void request(long n) {
        if (n > 0) {
            demand.accumulateAndGet(n, ForeverSubscription::sum);
        } else if (badRequest == null) {
            badRequest = new IllegalArgumentException(
                    "the number requested must be positive (rule 3.9 of Reactive Streams), was " + n);
        }
        serveSoon();
    }

    private static long sum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    @Override
    public void cancel() {
        cancelled = true;
        over();
    }

    /** The loop has ended: needs no thread but this. */
    void over() {
        if (turns.getAndIncrement() == 0) {
            run();
        }
    }

    private void serveSoon() {
        if (turns.getAndIncrement() == 0) {
            execute(this);
        }
    }

    private void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (Throwable e) {
            Flow.Subscriber<? super Completion<T>> last = subscriber;
            finish();
            if (last != null && !cancelled) {
                signalEnd(last, core.isOver() ? null : e);
            }
        }
    }

    private static void signalEnd(Flow.Subscriber<?> last, @Nullable Throwable failure) {
        try {
            if (failure == null) {
                last.onComplete();
            } else {
                last.onError(failure);
            }
        } catch (Throwable e) {
            LOG.log(System.Logger.Level.WARNING, "a subscriber failed with its last signal", e);
        }
    }

    @Override
    public void run() {
        int seen = turns.get();
        while (seen != 0 && serve()) {
            seen = turns.addAndGet(-seen);
        }
    }

    /** Whether signals may follow by a later turn. */
    private boolean serve() {
        for (int handed = 0; ; handed++) {
            if (isFinished()) {
                return false;
            }
            if (demand.get() == 0) {
                return true;
            }
            stopWaitingToLook();
            if (handed == ROW) {
                var offer = new Offer();
                execute(offer);
                if (!offer.isMine()) {
                    return false;
                }
                handed = 0;
            }
            ForeverSlot<T> slot = claimOrWait();
            if (slot == null) {
                // over may have come after it was asked for
                return !isFinished();
            }
            hand(slot);
        }
    }

    /** Gives the last signal if it is time for it. */
    private boolean isFinished() {
        Flow.Subscriber<? super Completion<T>> last = subscriber;
        IllegalArgumentException bad = badRequest;
        if (last == null || !(cancelled || bad != null || core.isOver())) {
            return last == null;
        }
        boolean silent = cancelled;
        finish();
        if (!silent) {
            signalEnd(last, bad);
        }
        return true;
    }

    private @Nullable ForeverSlot<T> claimOrWait() {
        ForeverSlot<T> slot = core.claim();
        if (slot != null) {
            return slot;
        }
        ForeverLine.Waiter entered = this::serveSoon;
        waiter = entered;
        core.line().enter(entered);
        slot = core.claim();
        if (slot != null) {
            stopWaiting();
        }
        return slot;
    }

    private void hand(ForeverSlot<T> slot) {
        demand.updateAndGet(wanted -> wanted == Long.MAX_VALUE ? wanted : wanted - 1);
        Completion<T> completion = slot.takeResult();
        try {
            requireNonNull(subscriber).onNext(completion);
        } catch (Throwable e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a subscriber failed with a result of source " + completion.source() + "; its subscription ends",
                    e);
            cancelled = true;
        } finally {
            core.settle(slot, completion);
        }
    }

    /** Keeps nothing of the subscriber, and passes on what it was woken for. */
    private void finish() {
        core.leave(this);
        subscriber = null;
        stopWaiting();
    }

    private void stopWaiting() {
        ForeverLine.Waiter entered = waiter;
        waiter = null;
        if (entered != null) {
            core.line().leave(entered);
        }
    }

    /** Who passed the wake on here, and entered again, would be woken by the next who does so, for ever. */
    private void stopWaitingToLook() {
        ForeverLine.Waiter entered = waiter;
        waiter = null;
        if (entered != null) {
            core.line().leaveToLook(entered);
        }
    }

    /** The rest of the work, for another thread. An executor that runs it at once, within this call, leaves it to this thread. */
    private final class Offer implements Runnable {
        private final Thread from = Thread.currentThread();
        private boolean ranAtOnce;
        private boolean made;

        @Override
        public void run() {
            if (Thread.currentThread() == from && !made) {
                ranAtOnce = true;
            } else {
                ForeverSubscription.this.run();
            }
        }

        /** After it was given to the executor. */
        boolean isMine() {
            made = true;
            return ranAtOnce;
        }
    }
}
