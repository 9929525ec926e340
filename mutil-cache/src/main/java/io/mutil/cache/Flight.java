package io.mutil.cache;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All who wait for one fetch of one key, and what it holds meanwhile; its {@link Route} says what it does. It ends early when the
 * last caller leaves or the time is up, though not while what was fetched is being stored, so that an invalidation can wait for
 * that.
 */
final class Flight {
    private final Flights flights;
    private final Ask ask;
    private final boolean background;
    private final long startedAt;
    private final ReentrantLock lock = new ReentrantLock();
    private final CompletableFuture<Void> down = new CompletableFuture<>();

    // guarded by the lock
    private final Set<Caller> callers = new LinkedHashSet<>();
    private final List<AutoCloseable> resources = new ArrayList<>();
    private boolean landing;
    private boolean over;
    private boolean outdated;
    /** Why those who waited while it landed were told to go. */
    private @Nullable FetchFailedException abandoned;

    private volatile @Nullable Held known;

    /**
     * Not begun yet.
     *
     * @param known what is due; it may stand in if the origin fails
     * @param background whether it goes on without callers
     */
    Flight(Flights flights, Ask ask, @Nullable Held known, boolean background) {
        this.flights = flights;
        this.ask = ask;
        this.known = known;
        this.background = background;
        this.startedAt = flights.now();
    }

    Ask ask() {
        return ask;
    }

    long startedAt() {
        return startedAt;
    }

    /** What is stored, which may be revalidated or stand in. */
    @Nullable
    Held known() {
        return known;
    }

    void knows(@Nullable Held held) {
        known = held;
    }

    void start() {
        new Route(flights, this).start();
    }

    /** A place for one more caller; null if it is too late. */
    @Nullable
    CompletableFuture<Answer> board(Options options) {
        var caller = new Caller(options);
        lock.lock();
        try {
            if (over) {
                return null;
            }
            callers.add(caller);
        } finally {
            lock.unlock();
        }
        var unused = caller.future().whenComplete((answer, failure) -> leave(caller));
        return caller.future();
    }

    private void leave(Caller caller) {
        lock.lock();
        try {
            boolean wasLast = callers.remove(caller) && callers.isEmpty();
            if (!wasLast || background || landing || over) {
                return;
            }
            over = true;
        } finally {
            lock.unlock();
        }
        release();
    }

    /** What comes of a step. */
    enum Turn {
        /** It is over, here or before. */
        OVER,
        /** Go on. */
        ON,
        /** It was invalidated meanwhile: do it again. */
        AGAIN
    }

    /** Ends with what was found in a tier, if that is what all callers want. */
    Turn settle(@Nullable Found found) {
        lock.lock();
        try {
            Turn turn = turn();
            if (turn != Turn.ON || found == null || !suits(found.meta())) {
                return turn;
            }
            over = true;
        } finally {
            lock.unlock();
        }
        release();
        deliver(answer(found));
        return Turn.OVER;
    }

    /** Begins to store what was fetched; nobody can end it then but {@link #end} in the thread that stores. */
    Turn claim() {
        lock.lock();
        try {
            Turn turn = turn();
            landing = turn == Turn.ON;
            return turn;
        } finally {
            lock.unlock();
        }
    }

    private Turn turn() {
        if (over) {
            return Turn.OVER;
        }
        boolean again = outdated;
        outdated = false;
        return again ? Turn.AGAIN : Turn.ON;
    }

    /**
     * Nothing was stored after all.
     *
     * @return whether to go on; false if nobody could end that any more, or nobody waits for it
     */
    boolean takeOff(Exception why) {
        Exception end;
        lock.lock();
        try {
            landing = false;
            if (over || (abandoned == null && (background || !callers.isEmpty()))) {
                return !over;
            }
            over = true;
            end = abandoned == null ? why : abandoned;
        } finally {
            lock.unlock();
        }
        release();
        deliver(flights.standIn(ask, known, end));
        return false;
    }

    boolean isOver() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    private boolean suits(Meta meta) {
        return suits(meta, ask.options()) && callers.stream().allMatch(caller -> suits(meta, caller.options()));
    }

    private boolean suits(Meta meta, Options options) {
        long now = flights.now();
        boolean isNew = startedAt < meta.storedAt() && meta.storedAt() <= now;
        return (isNew || !options.isRefresh()) && flights.judge().isFresh(meta, options, now);
    }

    private Consumer<CompletableFuture<Answer>> answer(Found found) {
        try {
            Judge.checkGood(ask.key(), found.meta(), flights.now());
            Answer answer = flights.answers().of(found.held(), found.source(), flights.now());
            return caller -> caller.complete(answer);
        } catch (FetchFailedException refused) {
            return caller -> caller.completeExceptionally(refused);
        }
    }

    void succeed(Answer answer) {
        if (end()) {
            deliver(caller -> caller.complete(answer));
        }
    }

    void fail(Throwable failure) {
        if (end()) {
            flights.failed(ask.key());
            deliver(flights.standIn(ask, known, failure));
        }
    }

    /**
     * Callers need not wait any more. They hear of it here, since no other thread may be free.
     *
     * @param cleaner where what it holds is let go, which may take the disk a while
     */
    void abandon(FetchFailedException reason, Executor cleaner) {
        boolean ends;
        lock.lock();
        try {
            if (over) {
                return;
            }
            abandoned = reason;
            ends = !landing;
            over = ends;
        } finally {
            lock.unlock();
        }
        flights.failed(ask.key());
        if (ends) {
            flights.gone(this);
        }
        deliver(flights.standIn(ask, known, reason));
        if (ends) {
            cleaner.execute(this::release);
        }
    }

    /**
     * What is being fetched is of no use any more: it is fetched again before anybody gets it.
     *
     * @return completes when nothing of it will be stored any more
     */
    CompletableFuture<Void> outdate() {
        lock.lock();
        try {
            outdated = true;
            known = null;
            return landing ? down : CompletableFuture.completedFuture(null);
        } finally {
            lock.unlock();
        }
    }

    /** Completes when nothing of it goes on. */
    CompletableFuture<Void> down() {
        return down;
    }

    /** Keeps something until the end; false if that has come, and then lets it go at once. */
    boolean hold(AutoCloseable resource) {
        lock.lock();
        try {
            if (!over) {
                resources.add(resource);
                return true;
            }
        } finally {
            lock.unlock();
        }
        flights.close(resource);
        return false;
    }

    /** False if it was over already. */
    private boolean end() {
        lock.lock();
        try {
            if (over) {
                return false;
            }
            over = true;
        } finally {
            lock.unlock();
        }
        release();
        return true;
    }

    /** After the end, when nobody adds to them. */
    private void release() {
        for (int i = resources.size() - 1; i >= 0; i--) {
            flights.close(resources.get(i));
        }
        flights.gone(this);
        down.complete(null);
    }

    private void deliver(Consumer<CompletableFuture<Answer>> how) {
        List<Caller> all;
        lock.lock();
        try {
            all = List.copyOf(callers);
            callers.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(caller -> how.accept(caller.future()));
    }
}
