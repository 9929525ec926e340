package io.mutil.ratelimit;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The books and the line of one gate, and the lock around them.
 *
 * <p>A permit is counted with the time that is read inside the lock, by the thread that gets it or completes its future: so
 * times in the books are in order, each is just before its permit is in the caller's hands, and who wakes late is counted late.
 *
 * <p>{@code closedUntil} says that one permit has no room before a time, so that attempts before it are refused without the
 * lock. It is written with the lock: after a refusal, from what the books say; when somebody waits, to the end of time, as
 * nobody may overtake; and to {@code OPEN} by whatever can make room or leaves the line empty. An attempt reads it first and
 * the clock second. If the clock shows an earlier time than the one it read, then at the moment when it read it no permit had
 * room, at whatever time up to then: so the refusal is what the lock would have given at that moment. While attempts succeed
 * it stays {@code OPEN}, and each reads the clock once, in the lock.
 */
final class GateState {
    static final long NEVER = Long.MAX_VALUE;

    private static final long OPEN = Long.MIN_VALUE;
    private static final VarHandle CLOSED_UNTIL;

    static {
        try {
            CLOSED_UNTIL = MethodHandles.lookup().findVarHandle(GateState.class, "closedUntil", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Mutex mutex = new Mutex();
    private final Ticks ticks;
    private final int maxWaiters;

    @SuppressWarnings("unused") // through the handle
    private volatile long closedUntil = OPEN;

    private volatile int most;
    final Tally refused = new Tally(Runtime.getRuntime().availableProcessors());

    // ---- with the lock
    final Books books;
    final Line line = new Line();
    long admitted;
    long cancelled;
    long refunded;
    private long told;
    private @Nullable Supplier<Gate> heir;

    GateState(Books books, Ticks ticks, int maxWaiters) {
        this.books = books;
        this.ticks = ticks;
        this.maxWaiters = maxWaiters;
        most = books.most();
    }

    /**
     * Somebody to be told, once the lock is free, that its turn comes.
     *
     * @param number grows with each, as threads may tell them in another order than that in which they were found out
     */
    record Next(Waiter waiter, long nanos, long number) {
        static void tell(@Nullable Next next) {
            if (next != null) {
                next.waiter.told(next);
            }
        }
    }

    // ---- without the lock

    /** Whether one permit certainly has no room now. */
    boolean isClosed() {
        long closed = (long) CLOSED_UNTIL.getAcquire(this);
        return closed != OPEN && ticks.now() < closed;
    }

    void checkWeight(int permits) {
        var unused = Checks.weight(permits, most);
    }

    /** The gate to go to once {@link #lockInUse} has failed. */
    Gate heir() {
        return requireNonNull(heir).get();
    }

    static RejectedExecutionException tooMany(int waiting) {
        return new RejectedExecutionException(waiting + " callers wait already, as many as maxWaiters allows;"
                + " use tryAcquire, or raise RateLimitBuilder.maxWaiters");
    }

    static String nowTooHeavy(int permits, int most) {
        return "the rules were changed, and now allow at most " + most + " permits at once; asked for were " + permits;
    }

    // ---- the lock

    void lock() {
        mutex.lock();
    }

    /** The gate to look at, and no lock; null, and the lock, if that is this one or there is no room for another. */
    @Nullable
    Gate heirOrLock() {
        Supplier<Gate> other = lockInUse() ? null : heir;
        if (other == null) {
            return null;
        }
        try {
            return other.get();
        } catch (RejectedExecutionException e) {
            mutex.lock();
            return null;
        }
    }

    /** False, and no lock, if another gate is in use. */
    boolean lockInUse() {
        mutex.lock();
        if (heir == null) {
            return true;
        }
        mutex.unlock();
        return false;
    }

    void unlock() {
        mutex.unlock();
    }

    // ---- with the lock

    /** The time, up to which all promises are kept. */
    long now() {
        long now = ticks.now();
        if (books.sync(now)) {
            // before any of them is kept
            line.withdrawPromises();
            line.promise(books, now);
        }
        if (!line.isEmpty()) {
            admitted += line.mature(books, now);
        }
        return now;
    }

    /** Takes permits if there is room and nobody waits. */
    boolean takeNow(int permits, long now) {
        checkWeight(permits);
        if (!line.isEmpty() || books.roomAt(now, permits) > now) {
            return false;
        }
        books.count(now, permits);
        admitted += permits;
        if ((long) CLOSED_UNTIL.getOpaque(this) != OPEN) {
            close(OPEN);
        }
        return true;
    }

    /** Refuses others without the lock until there may be room. */
    void closeWhileFull(long now) {
        if (line.first() != null) {
            close(NEVER);
        } else {
            long due = line.isEmpty() ? books.opensAt(now) : line.lastPromise();
            close(due > now ? due : OPEN);
        }
    }

    private void close(long until) {
        CLOSED_UNTIL.setRelease(this, until);
    }

    void join(Waiter waiter, long now) {
        if (line.size() >= maxWaiters) {
            refused.add(waiter.permits);
            throw tooMany(line.size());
        }
        line.add(waiter, now);
        books.await(now, waiter.permits);
        close(NEVER);
    }

    /** For the first in the line, whose turn it is. */
    void admit(Waiter waiter, long now) {
        line.remove(waiter);
        books.count(now, waiter.permits);
        admitted += waiter.permits;
        waiter.admitted = now;
    }

    boolean isDue(Waiter waiter, long now) {
        return waiter == line.first() && due(waiter, now) <= now;
    }

    /** When the first in the line has its turn. */
    long due(Waiter first, long now) {
        return line.dueBehindPromised(books, now, first.permits);
    }

    /** After somebody left the line; who is behind the first has nobody to tell. */
    @Nullable
    Next left(Waiter waiter, long now) {
        boolean first = waiter == line.first();
        line.remove(waiter);
        return first ? settle(now) : null;
    }

    /** Gives a place in the line up, if it is one still. */
    @Nullable
    Next leave(Waiter waiter) {
        if (!waiter.queued) {
            return null;
        }
        cancelled++;
        return left(waiter, now());
    }

    /** Permits that were counted at that time were not used. */
    @Nullable
    Next giveBack(long now, long counted, int permits) {
        books.uncount(now, counted, permits);
        admitted -= permits;
        cancelled++;
        return settle(now);
    }

    /** After the head of the line or the room for it has changed. */
    @Nullable
    Next settle(long now) {
        line.promise(books, now);
        line.forgetPlan();
        Waiter first = line.first();
        close(first == null ? OPEN : NEVER);
        return first == null ? null : next(first, now);
    }

    Next next(Waiter first, long now) {
        books.await(now, first.permits);
        return new Next(first, books.trusted(now, due(first, now)) - now, ++told);
    }

    void reserve(Place place, long now) {
        join(place, now);
        line.promise(books, now);
        admitted += line.mature(books, now);
        close(line.first() == null ? OPEN : NEVER);
    }

    /** The largest weight from now on. */
    int weigh() {
        most = books.most();
        return most;
    }

    RateLimitStats stats() {
        long now = now();
        int available = line.isEmpty() ? books.available(now) : 0;
        Duration held = Duration.ofNanos(books.held(now));
        return new RateLimitStats(admitted, refused.sum(), cancelled, refunded, line.size(), available, held);
    }

    boolean retire(Supplier<Gate> heir) {
        boolean idle = this.heir == null && now() >= idleAt();
        if (idle) {
            this.heir = heir;
            close(OPEN);
        }
        return idle;
    }

    long idleAt() {
        return line.isEmpty() ? books.emptyAt() : NEVER;
    }
}
