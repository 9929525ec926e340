package io.mutil.ratelimit;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers through as the books have room, in order of arrival.
 *
 * <p>A permit is counted with the time that is read inside the lock, by the thread that gets it or completes its future: so
 * times in the books are in order, none is earlier than the moment when its permit was handed out, and who wakes late is
 * counted late. Only the first in the line has a timer. When it goes, it tells the next one its time.
 *
 * <p>{@code closedUntil} says that one permit has no room before a time, so that attempts before it are refused without the
 * lock. It is written with the lock: after a refusal, from what the books say; when somebody waits, to the end of time, as
 * nobody may overtake; and to {@code OPEN} by whatever can make room or leaves the line empty. An attempt reads it first and
 * the clock second. If it finds an earlier time than the one it read, then at the moment when it read it no permit had room,
 * at whatever time up to then: so the refusal is what the lock would have given at that moment. While attempts succeed it
 * stays {@code OPEN}, and each reads the clock once, in the lock.
 */
final class LocalGate implements Gate {
    private static final long OPEN = Long.MIN_VALUE;
    private static final long NEVER = Long.MAX_VALUE;
    private static final long GONE = -1;
    private static final VarHandle CLOSED_UNTIL;

    static {
        try {
            CLOSED_UNTIL = MethodHandles.lookup().findVarHandle(LocalGate.class, "closedUntil", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Mutex mutex = new Mutex();
    private final Ticks ticks;
    private final ScheduledExecutorService scheduler;
    private final int maxWaiters;
    private final long longestHold;
    private final Tally refused = new Tally(Runtime.getRuntime().availableProcessors());

    @SuppressWarnings("unused") // through the handle
    private volatile long closedUntil = OPEN;

    private volatile int most;

    // ---- with the lock
    private final Books books;
    private final Line line = new Line();
    private long admitted;
    private long cancelled;
    private long refunded;
    private @Nullable Supplier<Gate> heir;

    LocalGate(Books books, Ticks ticks, ScheduledExecutorService scheduler, int maxWaiters, long longestHold) {
        this.books = books;
        this.ticks = ticks;
        this.scheduler = scheduler;
        this.maxWaiters = maxWaiters;
        this.longestHold = longestHold;
        most = books.most();
    }

    /** Somebody to be told, once the lock is free, that its turn comes. */
    private record Next(Waiter waiter, long nanos) {}

    // ---- the lock

    /** False if another gate is in use. */
    private boolean lock() {
        mutex.lock();
        if (heir == null) {
            return true;
        }
        mutex.unlock();
        return false;
    }

    private Gate heir() {
        return requireNonNull(heir).get();
    }

    private long now() {
        long now = books.now();
        if (!line.isEmpty()) {
            admitted += line.mature(books, now);
        }
        return now;
    }

    private void close(long until) {
        CLOSED_UNTIL.setRelease(this, until);
    }

    /** After the head of the line or the room for it has changed. */
    private @Nullable Next settle(long now) {
        line.promise(books, now);
        line.forgetPlan();
        Waiter first = line.first();
        close(first == null ? OPEN : NEVER);
        return first == null ? null : next(first, now);
    }

    private Next next(Waiter first, long now) {
        long due = line.dueBehindPromised(books, now, first.permits);
        return new Next(first, books.trusted(now, due) - now);
    }

    private static void tell(@Nullable Next next) {
        if (next != null) {
            next.waiter.told(next.nanos);
        }
    }

    private void checkWeight(int permits) {
        if (permits > most) {
            throw new IllegalArgumentException("permits must be at most " + most
                    + ", which is all that the rules ever allow at once, was " + permits);
        }
    }

    // ---- without waiting

    @Override
    public boolean tryAcquire(int permits) {
        long closed = (long) CLOSED_UNTIL.getAcquire(this);
        if (closed != OPEN && ticks.now() < closed) {
            checkWeight(permits);
            refused.add(permits);
            return false;
        }
        if (!lock()) {
            return heir().tryAcquire(permits);
        }
        try {
            long now = now();
            if (takeNow(permits, now)) {
                return true;
            }
            closeBefore(now);
        } finally {
            mutex.unlock();
        }
        refused.add(permits);
        return false;
    }

    private boolean takeNow(int permits, long now) {
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

    private void closeBefore(long now) {
        if (line.first() == null) {
            long due = line.isEmpty() ? books.trusted(now, books.roomAt(now, 1)) : line.lastPromise();
            close(due > now ? due : OPEN);
        } else {
            close(NEVER);
        }
    }

    // ---- threads that wait

    @Override
    public Duration acquire(int permits) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!lock()) {
            return heir().acquire(permits);
        }
        ThreadWaiter waiter;
        try {
            long now = now();
            if (takeNow(permits, now)) {
                return Duration.ZERO;
            }
            waiter = new ThreadWaiter(permits, now, NEVER);
            join(waiter, now);
        } finally {
            mutex.unlock();
        }
        var unused = await(waiter);
        return Duration.ofNanos(waiter.admitted - waiter.arrived);
    }

    @Override
    public boolean tryAcquire(int permits, long timeout) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!lock()) {
            return heir().tryAcquire(permits, timeout);
        }
        ThreadWaiter waiter;
        try {
            long now = now();
            if (takeNow(permits, now)) {
                return true;
            }
            if (line.dueAtEnd(books, now, permits) - now > timeout) {
                refused.add(permits);
                return false;
            }
            waiter = new ThreadWaiter(permits, now, now + timeout);
            join(waiter, now);
        } finally {
            mutex.unlock();
        }
        return await(waiter);
    }

    private void join(Waiter waiter, long now) {
        if (line.size() >= maxWaiters) {
            refused.add(waiter.permits);
            throw tooMany(line.size());
        }
        line.add(waiter, now);
        close(NEVER);
    }

    static RejectedExecutionException tooMany(int waiting) {
        return new RejectedExecutionException(waiting + " callers wait already, as many as maxWaiters allows;"
                + " use tryAcquire, or raise RateLimitBuilder.maxWaiters");
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
        mutex.lock();
        try {
            long now = now();
            if (waiter.refusal != null) {
                throw new IllegalStateException(waiter.refusal);
            }
            boolean first = waiter == line.first();
            long due = first ? line.dueBehindPromised(books, now, waiter.permits) : NEVER;
            if (due <= now) {
                admit(waiter, now);
                next = settle(now);
                sleep = 0;
            } else if (now >= waiter.deadline) {
                line.remove(waiter);
                refused.add(waiter.permits);
                next = first ? settle(now) : null;
                sleep = GONE;
            } else {
                sleep = Math.min(books.trusted(now, due), waiter.deadline) - now;
            }
        } finally {
            mutex.unlock();
        }
        tell(next);
        return sleep;
    }

    private void admit(Waiter waiter, long now) {
        line.remove(waiter);
        books.count(now, waiter.permits);
        admitted += waiter.permits;
        waiter.admitted = now;
    }

    /** Gives a place in the line up, if it is one still. */
    void leave(Waiter waiter) {
        Next next = null;
        mutex.lock();
        try {
            if (waiter.queued) {
                long now = now();
                boolean first = waiter == line.first();
                line.remove(waiter);
                cancelled++;
                next = first ? settle(now) : null;
            }
        } finally {
            mutex.unlock();
        }
        tell(next);
    }

    // ---- futures that wait

    @Override
    public CompletableFuture<Duration> acquireAsync(int permits) {
        if (!lock()) {
            return heir().acquireAsync(permits);
        }
        FutureWaiter waiter;
        Next next;
        try {
            long now = now();
            if (takeNow(permits, now)) {
                return CompletableFuture.completedFuture(Duration.ZERO);
            }
            waiter = new FutureWaiter(this, permits, now);
            join(waiter, now);
            next = waiter == line.first() ? next(waiter, now) : null;
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        } finally {
            mutex.unlock();
        }
        waiter.leaveWhenCompleted();
        tell(next);
        return waiter.future;
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
        boolean its;
        Next next;
        mutex.lock();
        try {
            long now = now();
            if (waiter != line.first()) {
                return null;
            }
            its = line.dueBehindPromised(books, now, waiter.permits) <= now;
            if (its) {
                admit(waiter, now);
                next = settle(now);
            } else {
                next = next(waiter, now);
            }
        } finally {
            mutex.unlock();
        }
        FutureWaiter due =
                its && next != null && next.nanos <= 0 && next.waiter instanceof FutureWaiter future ? future : null;
        if (due == null) {
            tell(next);
        }
        if (its && !waiter.complete()) {
            giveBack(waiter);
        }
        return due;
    }

    /** Who was cancelled just before its turn. */
    private void giveBack(FutureWaiter waiter) {
        Next next;
        mutex.lock();
        try {
            long now = now();
            books.uncount(now, waiter.admitted, waiter.permits);
            admitted -= waiter.permits;
            cancelled++;
            next = settle(now);
        } finally {
            mutex.unlock();
        }
        tell(next);
    }

    /** The scheduler takes no more timers, so no future will have its turn. */
    void unscheduled(RejectedExecutionException why) {
        List<Waiter> futures;
        Next next;
        mutex.lock();
        try {
            long now = now();
            futures = line.removeIf(FutureWaiter.class::isInstance);
            cancelled += futures.size();
            next = settle(now);
        } finally {
            mutex.unlock();
        }
        tell(next);
        futures.forEach(waiter -> ((FutureWaiter) waiter).future.completeExceptionally(why));
    }

    // ---- reservations

    @Override
    public Reservation reserve(int permits) {
        if (!lock()) {
            return heir().reserve(permits);
        }
        try {
            checkWeight(permits);
            long now = now();
            var place = new Place(this, permits, now);
            join(place, now);
            line.promise(books, now);
            admitted += line.mature(books, now);
            close(line.first() == null ? OPEN : NEVER);
            return place;
        } finally {
            mutex.unlock();
        }
    }

    Duration timeToWait(Place place) {
        mutex.lock();
        try {
            long now = now();
            if (place.refusal != null) {
                throw new IllegalStateException(place.refusal);
            }
            return switch (place.state()) {
                case WAITING -> Duration.ofNanos(line.dueOf(place, books, now) - now);
                case PROMISED -> Duration.ofNanos(place.due() - now);
                case COUNTED -> Duration.ZERO;
                case CANCELLED -> throw new IllegalStateException("the reservation was cancelled; make a new one");
            };
        } finally {
            mutex.unlock();
        }
    }

    boolean cancel(Place place) {
        Next next = null;
        mutex.lock();
        try {
            long now = now();
            if (place.refusal != null || place.state() == Place.State.CANCELLED) {
                return false;
            }
            switch (place.state()) {
                case WAITING -> line.remove(place);
                case PROMISED -> line.breakPromise(place);
                default -> {
                    books.uncount(now, place.due(), place.permits);
                    admitted -= place.permits;
                }
            }
            place.drop();
            cancelled++;
            next = settle(now);
        } finally {
            mutex.unlock();
        }
        tell(next);
        return true;
    }

    // ---- the rest

    @Override
    public void refund(int permits, long age) {
        if (!lock()) {
            return; // only a gate with empty books was retired
        }
        Next next;
        try {
            long now = now();
            books.refund(now, now - age, permits);
            refunded += permits;
            next = settle(now);
        } finally {
            mutex.unlock();
        }
        tell(next);
    }

    @Override
    public Duration peek(int permits) {
        if (!lock()) {
            return heir().peek(permits);
        }
        try {
            checkWeight(permits);
            long now = now();
            return Duration.ofNanos(line.dueAtEnd(books, now, permits) - now);
        } finally {
            mutex.unlock();
        }
    }

    @Override
    public void change(List<Rule> rules) {
        if (!lock()) {
            heir().change(rules);
            return;
        }
        List<Waiter> tooHeavy;
        Next next;
        try {
            long now = now();
            books.change(now, rules);
            int allowed = books.most();
            most = allowed;
            tooHeavy = line.removeIf(waiter -> waiter.permits > allowed);
            for (Waiter waiter : tooHeavy) {
                waiter.refusal = "the rules were changed, and now allow at most " + allowed
                        + " permits at once; asked for were " + waiter.permits;
            }
            cancelled += tooHeavy.size();
            next = settle(now);
        } finally {
            mutex.unlock();
        }
        tell(next);
        tooHeavy.forEach(waiter -> waiter.refused(requireNonNull(waiter.refusal)));
    }

    @Override
    public void observe(ServerWord word) {
        if (!lock()) {
            heir().observe(word);
            return;
        }
        Next next;
        try {
            long now = now();
            books.learn(now, word, longestHold);
            next = settle(now);
        } finally {
            mutex.unlock();
        }
        tell(next);
    }

    @Override
    public List<Rule> rules() {
        if (!lock()) {
            return heir().rules();
        }
        try {
            return books.rules();
        } finally {
            mutex.unlock();
        }
    }

    @Override
    public RateLimitStats stats() {
        if (!lock()) {
            return heir().stats();
        }
        try {
            long now = now();
            int available = line.isEmpty() ? books.available(now) : 0;
            Duration held = Duration.ofNanos(books.held(now));
            return new RateLimitStats(admitted, refused.sum(), cancelled, refunded, line.size(), available, held);
        } finally {
            mutex.unlock();
        }
    }

    @Override
    public long idleAt() {
        mutex.lock();
        try {
            long now = now();
            return line.isEmpty() ? books.emptyAt() : now + 1;
        } finally {
            mutex.unlock();
        }
    }

    @Override
    public boolean retire(Supplier<Gate> heir) {
        mutex.lock();
        try {
            long now = now();
            boolean idle = line.isEmpty() && books.emptyAt() <= now;
            if (idle) {
                this.heir = heir;
                close(OPEN);
            }
            return idle;
        } finally {
            mutex.unlock();
        }
    }
}
