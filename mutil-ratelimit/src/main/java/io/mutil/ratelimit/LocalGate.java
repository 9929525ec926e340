package io.mutil.ratelimit;

import static java.util.Objects.requireNonNull;

import io.mutil.ratelimit.GateState.Next;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Lets callers through as the books have room, in order of arrival. Only the first in the line has a timer; when it goes, it
 * tells the next one its time.
 */
final class LocalGate implements Gate {
    private static final long GONE = -1;

    private final GateState state;
    private final FutureTurns futures;
    private final long longestHold;

    LocalGate(GateState state, ScheduledExecutorService scheduler, long longestHold) {
        this.state = state;
        futures = new FutureTurns(state, scheduler);
        this.longestHold = longestHold;
    }

    // ---- without waiting

    @Override
    public boolean tryAcquire(int permits) {
        long clock = state.clock();
        if (state.isClosed(clock)) {
            state.checkWeight(permits);
            state.refused.add(permits);
            return false;
        }
        Supplier<Gate> heir;
        long now = state.lockAt(clock);
        try {
            if (state.tryTake(permits, now)) {
                return true;
            }
            heir = state.heir();
        } finally {
            state.unlock();
        }
        if (heir != null) {
            return heir.get().tryAcquire(permits);
        }
        state.refused.add(permits);
        return false;
    }

    // ---- threads that wait

    @Override
    public Duration acquire(int permits) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Supplier<Gate> heir = state.lockOrHeir();
        if (heir != null) {
            return heir.get().acquire(permits);
        }
        ThreadWaiter waiter;
        try {
            long now = state.now();
            if (state.takeNow(permits, now)) {
                return Duration.ZERO;
            }
            waiter = new ThreadWaiter(permits, now, GateState.NEVER);
            state.join(waiter, now);
        } finally {
            state.unlock();
        }
        var unused = sleepUntilTurn(waiter);
        return Duration.ofNanos(waiter.admitted - waiter.arrived);
    }

    @Override
    public boolean tryAcquire(int permits, long timeout) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Supplier<Gate> heir = state.lockOrHeir();
        if (heir != null) {
            return heir.get().tryAcquire(permits, timeout);
        }
        ThreadWaiter waiter;
        try {
            long now = state.now();
            if (state.takeNow(permits, now)) {
                return true;
            }
            if (state.line.dueAtEnd(state.books, now, permits) - now > timeout) {
                state.refused.add(permits);
                return false;
            }
            waiter = new ThreadWaiter(permits, now, now + timeout);
            state.join(waiter, now);
        } finally {
            state.unlock();
        }
        return sleepUntilTurn(waiter);
    }

    /** Whether it got its permits in time. */
    private boolean sleepUntilTurn(ThreadWaiter waiter) throws InterruptedException {
        long nanos = turn(waiter);
        while (nanos > 0) {
            LockSupport.parkNanos(this, nanos);
            if (Thread.interrupted()) {
                giveUp(waiter);
                throw new InterruptedException();
            }
            nanos = turn(waiter);
        }
        return nanos != GONE;
    }

    /** How long to sleep until the next look; 0 if the permits were handed out, {@code GONE} if it is too late for them. */
    private long turn(ThreadWaiter waiter) {
        long sleep;
        Next next = null;
        state.lock();
        try {
            long now = state.now();
            if (waiter.refusal != null) {
                throw new IllegalStateException(waiter.refusal);
            }
            if (state.isDue(waiter, now)) {
                state.admit(waiter, now);
                next = state.settle(now);
                sleep = 0;
            } else if (now >= waiter.deadline) {
                next = state.remove(waiter, now);
                state.refused.add(waiter.permits);
                sleep = GONE;
            } else {
                sleep = Math.min(nextLook(waiter, now), waiter.deadline - now);
            }
        } finally {
            state.unlock();
        }
        Next.tell(next);
        return sleep;
    }

    private long nextLook(ThreadWaiter waiter, long now) {
        return waiter == state.line.first() ? state.next(waiter, now).nanos() : GateState.NEVER;
    }

    private void giveUp(ThreadWaiter waiter) {
        Next next;
        state.lock();
        try {
            next = state.giveUp(waiter);
        } finally {
            state.unlock();
        }
        Next.tell(next);
    }

    // ---- futures that wait

    @Override
    public CompletableFuture<Duration> acquireAsync(int permits) {
        Supplier<Gate> heir = state.lockOrHeir();
        if (heir != null) {
            return Gate.acquireAsync(heir, permits);
        }
        FutureWaiter waiter;
        Next next;
        try {
            long now = state.now();
            if (state.takeNow(permits, now)) {
                return CompletableFuture.completedFuture(Duration.ZERO);
            }
            waiter = new FutureWaiter(futures, permits, now);
            state.join(waiter, now);
            next = waiter == state.line.first() ? state.next(waiter, now) : null;
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        } finally {
            state.unlock();
        }
        waiter.giveUpWhenCompleted();
        Next.tell(next);
        return waiter.future;
    }

    // ---- reservations

    @Override
    public Reservation reserve(int permits) {
        Supplier<Gate> heir = state.lockOrHeir();
        if (heir != null) {
            return heir.get().reserve(permits);
        }
        try {
            state.checkWeight(permits);
            long now = state.now();
            var place = new Place(this, permits, now);
            state.reserve(place, now);
            return place;
        } finally {
            state.unlock();
        }
    }

    Duration timeToWait(Place place) {
        state.lock();
        try {
            long now = state.now();
            if (place.refusal != null) {
                throw new IllegalStateException(place.refusal);
            }
            return switch (place.state()) {
                case WAITING -> Duration.ofNanos(state.line.dueOf(place, state.books, now) - now);
                case PROMISED -> Duration.ofNanos(place.due() - now);
                case COUNTED -> Duration.ZERO;
                case CANCELLED -> throw new IllegalStateException("the reservation was cancelled; make a new one");
            };
        } finally {
            state.unlock();
        }
    }

    boolean cancel(Place place) {
        Next next;
        state.lock();
        try {
            long now = state.now();
            if (place.refusal != null || place.state() == Place.State.CANCELLED) {
                return false;
            }
            if (place.state() == Place.State.COUNTED) {
                next = state.giveBack(now, place.due(), place.permits);
            } else {
                state.line.drop(place);
                state.cancelled++;
                next = state.settle(now);
            }
            place.drop();
        } finally {
            state.unlock();
        }
        Next.tell(next);
        return true;
    }

    // ---- the rest

    @Override
    public void refund(int permits, long age) {
        Supplier<Gate> heir = state.lockOrHeir();
        if (heir != null) {
            heir.get().refund(permits, age);
            return;
        }
        Next next;
        try {
            long now = state.now();
            state.books.refund(now, now - age, permits);
            state.refunded += permits;
            next = state.settle(now);
        } finally {
            state.unlock();
        }
        Next.tell(next);
    }

    @Override
    public Duration peek(int permits) {
        return state.read(gate -> gate.peek(permits), () -> {
            state.checkWeight(permits);
            long now = state.now();
            return Duration.ofNanos(state.line.dueAtEnd(state.books, now, permits) - now);
        });
    }

    @Override
    public void change(List<Rule> rules) {
        Supplier<Gate> heir = state.lockOrHeir();
        if (heir != null) {
            heir.get().change(rules);
            return;
        }
        List<Waiter> tooHeavy;
        Next next;
        try {
            long now = state.now();
            tooHeavy = state.change(rules, now);
            next = state.settle(now);
        } finally {
            state.unlock();
        }
        Next.tell(next);
        tooHeavy.forEach(waiter -> waiter.refused(requireNonNull(waiter.refusal)));
    }

    @Override
    public void observe(ServerWord word) {
        Supplier<Gate> heir = state.lockOrHeir();
        if (heir != null) {
            heir.get().observe(word);
            return;
        }
        Next next;
        try {
            long now = state.now();
            next = state.learn(word, longestHold, now) ? state.settle(now) : null;
        } finally {
            state.unlock();
        }
        Next.tell(next);
    }

    @Override
    public List<Rule> rules() {
        return state.read(Gate::rules, state.books::rules);
    }

    @Override
    public RateLimitStats stats() {
        return state.read(Gate::stats, state::stats);
    }

    @Override
    public long idleAt() {
        state.lock();
        try {
            return state.idleAt();
        } finally {
            state.unlock();
        }
    }

    @Override
    public boolean retire(Supplier<Gate> heir) {
        state.lock();
        try {
            return state.retire(heir);
        } finally {
            state.unlock();
        }
    }
}
