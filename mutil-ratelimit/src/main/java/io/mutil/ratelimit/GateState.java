package io.mutil.ratelimit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The books and the line of one gate, and the lock around them.
 *
 * <p>A permit is counted with the time of the clock, read during the call that takes it or completes its future: so each is
 * counted after it was asked for, and who wakes late is counted late. The clock is read in the lock, or by an attempt that does
 * not wait right before it, so that others are kept out for less; {@code lastNow} then keeps such a time from falling behind
 * what was done in the lock meanwhile. So times in the books are in order. Where a rule goes by the wall clock, both clocks are read
 * in the lock, as a pause between the two looks like a jump.
 *
 * <p>{@code closedUntil} says that an attempt at one permit is in vain before a time, so that it is refused without the lock. It
 * is written with the lock: after a refusal, from what the books say; when somebody waits, to the end of time, as nobody may
 * overtake; to the last promise where only such are ahead; and to {@code OPEN} by whatever can make room or leaves the line
 * empty. While it is {@code OPEN} the line is empty, so that the books alone decide.
 *
 * <p>An attempt reads the clock first and {@code closedUntil}, acquiring what was done before that was released, second. If it
 * was written before the clock was read, there was no room then; if later, then by a call that runs at the same time and found
 * none itself, and the attempt comes right after that one. Either is what the lock would have said during the attempt.
 */
final class GateState extends Mutex implements Door {
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

    private final Ticks ticks;
    private final int maxWaiters;
    private volatile int most;
    final Tally refused = new Tally(Runtime.getRuntime().availableProcessors());

    // ---- with the lock; this one without as well, through the handle
    private long closedUntil = OPEN;
    private long lastNow = Long.MIN_VALUE;
    long admitted;
    /** The only book, if it is one that an attempt can look into by itself; null once the gate is retired. */
    private @Nullable SlidingBook soleWindow;

    final Books books;
    final Line line = new Line();
    long cancelled;
    long refunded;
    private long lastNumber;
    private @Nullable Supplier<Gate> heir;
    private final List<Rule> firstRules;

    GateState(Books books, Ticks ticks, int maxWaiters) {
        this.books = books;
        this.ticks = ticks;
        this.maxWaiters = maxWaiters;
        firstRules = books.rules();
        most = books.most();
        soleWindow = books.soleWindow();
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

    long clock() {
        return ticks.now();
    }

    /** Whether an attempt at one permit, that has read the clock before, is in vain. */
    boolean isClosed(long clock) {
        return clock < (long) CLOSED_UNTIL.getAcquire(this);
    }

    void checkWeight(int permits) {
        var unused = Checks.weight(permits, most);
    }

    static RejectedExecutionException tooMany(int waiting) {
        return new RejectedExecutionException(waiting + " callers wait already, as many as maxWaiters allows;"
                + " use tryAcquire, or raise RateLimitBuilder.maxWaiters");
    }

    static String nowTooHeavy(int permits, int most) {
        return "the rules were changed, and now allow at most " + most + " permits at once; asked for were " + permits;
    }

    // ---- the lock

    @Override
    public @Nullable Supplier<Gate> lockOrHeir() {
        lock();
        Supplier<Gate> other = heir;
        if (other != null) {
            unlock();
        }
        return other;
    }

    /** The lock, for an attempt that has read the clock before; returns its time, which is another if it had to wait. */
    long lockAt(long clock) {
        if (tryLock()) {
            return inOrder(clock);
        }
        lockContended();
        return inOrder(ticks.now());
    }

    // ---- with the lock

    @Nullable
    Supplier<Gate> heir() {
        return heir;
    }

    private long inOrder(long clock) {
        long now = Math.max(clock, lastNow);
        lastNow = now;
        return now;
    }

    /** The time, up to which all promises are kept. */
    long now() {
        long now = inOrder(ticks.now());
        keepPromises(now);
        return now;
    }

    private void keepPromises(long now) {
        if (books.sync(now)) {
            // before any of them is kept
            line.withdrawPromises();
            line.promise(books, now);
        }
        if (!line.isEmpty()) {
            admitted += line.mature(books, now);
        }
    }

    /** Takes permits for an attempt that does not wait, or else refuses others without the lock for as long. */
    boolean tryTake(int permits, long clock) {
        if (permits == 1 && closedUntil == OPEN && soleWindow != null && soleWindow.takeOne(clock)) {
            admitted++;
            return true;
        }
        if (heir != null) {
            return false;
        }
        long now = books.isWall() ? inOrder(ticks.now()) : clock;
        keepPromises(now);
        boolean taken = takeNow(permits, now);
        if (!taken) {
            closeWhileFull(now);
        }
        return taken;
    }

    /** Takes permits if there is room and nobody waits. */
    boolean takeNow(int permits, long now) {
        checkWeight(permits);
        if (!line.isEmpty() || books.roomAt(now, permits) > now) {
            return false;
        }
        books.count(now, permits);
        admitted += permits;
        if (closedUntil != OPEN) {
            close(OPEN);
        }
        return true;
    }

    private void closeWhileFull(long now) {
        if (line.isEmpty()) {
            long due = books.opensAt(now);
            close(due > now ? due : OPEN);
        } else {
            closeForLine();
        }
    }

    private void closeForLine() {
        close(line.first() == null ? line.lastPromise() : NEVER);
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
        books.expect(now, waiter.permits);
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

    /** Takes somebody out of the line; who is behind the first has nobody to tell. */
    @Nullable
    Next remove(Waiter waiter, long now) {
        boolean first = waiter == line.first();
        line.remove(waiter);
        return first ? settle(now) : null;
    }

    /** Somebody wants its place in the line no longer, if it is one still. */
    @Nullable
    Next giveUp(Waiter waiter) {
        if (!waiter.queued) {
            return null;
        }
        cancelled++;
        return remove(waiter, now());
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
        closeForLine();
        Waiter first = line.first();
        return first == null ? null : next(first, now);
    }

    Next next(Waiter first, long now) {
        books.expect(now, first.permits);
        return new Next(first, books.trusted(now, due(first, now)) - now, ++lastNumber);
    }

    void reserve(Place place, long now) {
        join(place, now);
        line.promise(books, now);
        admitted += line.mature(books, now);
        closeForLine();
    }

    /** Goes by other rules; returns those in the line that these will never let through, who are out of it. */
    List<Waiter> change(List<Rule> rules, long now) {
        books.change(now, rules);
        lookAtBooks();
        line.withdrawPromises();
        int most = this.most;
        List<Waiter> tooHeavy = line.removeIf(waiter -> waiter.permits > most);
        tooHeavy.forEach(waiter -> waiter.refusal = nowTooHeavy(waiter.permits, most));
        cancelled += tooHeavy.size();
        return tooHeavy;
    }

    /** Returns whether the server holds back for longer, or more. */
    boolean learn(ServerWord word, long longestHold, long now) {
        boolean learned = books.learn(now, word, longestHold);
        lookAtBooks();
        if (learned) {
            line.withdrawPromises();
        }
        return learned;
    }

    private void lookAtBooks() {
        most = books.most();
        soleWindow = books.soleWindow();
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
            soleWindow = null;
            close(OPEN);
        }
        return idle;
    }

    long idleAt() {
        return line.isEmpty() && books.rules().equals(firstRules) ? books.emptyAt() : NEVER;
    }
}
