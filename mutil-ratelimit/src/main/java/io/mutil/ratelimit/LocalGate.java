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
        if (state.isClosed()) {
            state.checkWeight(permits);
        } else if (!state.lockInUse()) {
            return state.heir().tryAcquire(permits);
        } else {
            try {
                long now = state.now();
                if (state.takeNow(permits, now)) {
                    return true;
                }
                state.closeWhileFull(now);
            } finally {
                state.unlock();
            }
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
        if (!state.lockInUse()) {
            return state.heir().acquire(permits);
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
        var unused = await(waiter);
        return Duration.ofNanos(waiter.admitted - waiter.arrived);
    }

    @Override
    public boolean tryAcquire(int permits, long timeout) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!state.lockInUse()) {
            return state.heir().tryAcquire(permits, timeout);
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
        return await(waiter);
    }

    private boolean await(ThreadWaiter waiter) throws InterruptedException {
        long nanos = turn(waiter);
        while (nanos > 0) {
            LockSupport.parkNanos(this, nanos);
            if (Thread.interrupted()) {
                leave(waiter);
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
                next = state.left(waiter, now);
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

    private void leave(ThreadWaiter waiter) {
        Next next;
        state.lock();
        try {
            next = state.leave(waiter);
        } finally {
            state.unlock();
        }
        Next.tell(next);
    }

    // ---- futures that wait

    @Override
    public CompletableFuture<Duration> acquireAsync(int permits) {
        if (!state.lockInUse()) {
            return acquireAsync(state::heir, permits);
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
        waiter.leaveWhenCompleted();
        Next.tell(next);
        return waiter.future;
    }

    /** By a gate that there may be no room for. */
    static CompletableFuture<Duration> acquireAsync(Supplier<Gate> heir, int permits) {
        try {
            return heir.get().acquireAsync(permits);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    // ---- reservations

    @Override
    public Reservation reserve(int permits) {
        if (!state.lockInUse()) {
            return state.heir().reserve(permits);
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
                state.line.giveUp(place);
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
        if (!state.lockInUse()) {
            state.heir().refund(permits, age);
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
        Gate heir = state.heirOrLock();
        if (heir != null) {
            return heir.peek(permits);
        }
        try {
            state.checkWeight(permits);
            long now = state.now();
            return Duration.ofNanos(state.line.dueAtEnd(state.books, now, permits) - now);
        } finally {
            state.unlock();
        }
    }

    @Override
    public void change(List<Rule> rules) {
        if (!state.lockInUse()) {
            state.heir().change(rules);
            return;
        }
        List<Waiter> tooHeavy;
        Next next;
        try {
            long now = state.now();
            state.books.change(now, rules);
            int most = state.weigh();
            state.line.withdrawPromises();
            tooHeavy = state.line.removeIf(waiter -> waiter.permits > most);
            tooHeavy.forEach(waiter -> waiter.refusal = GateState.nowTooHeavy(waiter.permits, most));
            state.cancelled += tooHeavy.size();
            next = state.settle(now);
        } finally {
            state.unlock();
        }
        Next.tell(next);
        tooHeavy.forEach(waiter -> waiter.refused(requireNonNull(waiter.refusal)));
    }

    @Override
    public void observe(ServerWord word) {
        if (!state.lockInUse()) {
            state.heir().observe(word);
            return;
        }
        Next next;
        try {
            long now = state.now();
            state.books.learn(now, word, longestHold);
            state.line.withdrawPromises();
            next = state.settle(now);
        } finally {
            state.unlock();
        }
        Next.tell(next);
    }

    @Override
    public List<Rule> rules() {
        Gate heir = state.heirOrLock();
        if (heir != null) {
            return heir.rules();
        }
        try {
            return state.books.rules();
        } finally {
            state.unlock();
        }
    }

    @Override
    public RateLimitStats stats() {
        Gate heir = state.heirOrLock();
        if (heir != null) {
            return heir.stats();
        }
        try {
            return state.stats();
        } finally {
            state.unlock();
        }
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
