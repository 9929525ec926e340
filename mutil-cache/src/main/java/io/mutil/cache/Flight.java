package io.mutil.cache;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All who wait for one fetch of one key, and what it holds meanwhile; its {@link Route} says what it does. It ends early when the
 * last caller leaves or the time is up, though not while what was fetched is being stored, so that an invalidation can wait for
 * that. Callers have alarms of their own, so that a disk which hangs then keeps none of them, whenever it came.
 */
final class Flight {
    private static final Logger LOG = System.getLogger(Flight.class.getName());

    private final Flights flights;
    private final Parts parts;
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

    /** Its time was up while it landed. */
    private volatile boolean late;

    private volatile @Nullable Held known;

    private volatile @Nullable CompletableFuture<?> fetched;

    /**
     * Not begun yet.
     *
     * @param known what is due; it may stand in if the origin fails
     * @param background whether it goes on without callers
     */
    Flight(Flights flights, Ask ask, @Nullable Held known, boolean background) {
        this.flights = flights;
        this.parts = flights.parts();
        this.ask = ask;
        this.known = known;
        this.background = background;
        this.startedAt = parts.now();
    }

    Ask ask() {
        return ask;
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

    void setAlarm() {
        long timeout = parts.settings().timeout();
        hold(parts.threads()
                .alarm(timeout, () -> abandon(FetchFailedException.tooLate(ask.key(), timeout), parts.threads())));
    }

    /** One more caller; false if it is too late. */
    boolean board(Caller caller) {
        lock.lock();
        try {
            if (over) {
                return false;
            }
            caller.boarded(this); // first, for whoever finds it here may make it give up
            callers.add(caller);
        } finally {
            lock.unlock();
        }
        var unused = caller.future().whenComplete((answer, failure) -> leave(caller));
        return true;
    }

    private void leave(Caller caller) {
        if (endsIf(() -> callers.remove(caller) && callers.isEmpty() && !background && !landing)) {
            FetchFailedException reason = caller.gaveUp();
            if (reason == null) {
                letGo(parts.threads());
            } else {
                flights.failed(ask.key());
                letGo(parts.threads());
                LOG.log(Level.DEBUG, reason::getMessage);
            }
        }
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
        Turn turn = turn(false);
        if (turn == Turn.ON && found != null && endsIf(() -> !outdated && suits(found.meta()))) {
            end(caller -> gets(caller, found));
            return Turn.OVER;
        }
        return turn;
    }

    /** Begins to store what was fetched; nobody can end it then but the thread that stores. */
    Turn claim() {
        return turn(true);
    }

    private Turn turn(boolean lands) {
        lock.lock();
        try {
            if (over) {
                return Turn.OVER;
            }
            boolean again = outdated;
            outdated = false;
            landing = lands && !again;
            return again ? Turn.AGAIN : Turn.ON;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Nothing was stored after all.
     *
     * @return whether to go on; false if nobody waits for it
     */
    boolean takeOff() {
        boolean ends = endsIf(() -> {
            landing = false;
            return callers.isEmpty() && (late || !background);
        });
        if (ends) {
            flights.failed(ask.key());
            letGo(parts.threads().inPlace());
        } else if (late) {
            late = false;
            setAlarm();
        }
        return !ends;
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
        return suits(meta, ask.options())
                && callers.stream().allMatch(caller -> suits(meta, caller.ask().options()));
    }

    private boolean suits(Meta meta, Options options) {
        long now = parts.now();
        boolean isNew = startedAt < meta.storedAt() && meta.storedAt() <= now;
        return (isNew || !options.isRefresh()) && parts.judge().isFresh(meta, options, now);
    }

    private Runnable gets(Caller caller, Found found) {
        try {
            Judge.checkGood(ask.key(), found.meta(), parts.now());
            Answer answer = parts.answers().of(found.held(), found.source(), parts.now());
            return () -> caller.answer(answer);
        } catch (FetchFailedException | RuntimeException | Error e) {
            return () -> caller.fail(e);
        }
    }

    void succeed(Held fetched) {
        if (endsIf(() -> true)) {
            end(caller -> gets(caller, new Found(fetched, Source.NETWORK)));
        }
    }

    void fail(Throwable failure) {
        FetchFailedException failed = FetchFailedException.of(ask.key(), failure);
        if (endsIf(() -> true)) {
            flights.failed(ask.key());
            end(caller -> () -> caller.fail(known, failed));
            LOG.log(Level.DEBUG, failed::getMessage);
        }
    }

    /**
     * Callers need not wait any more. They hear of it here, since no other thread may be free.
     *
     * @param threads where what it does is ended
     */
    void abandon(FetchFailedException reason, Threads threads) {
        late = true;
        if (endsIf(() -> !landing)) {
            flights.failed(ask.key());
            onBoard().forEach(caller -> caller.giveUp(reason));
            letGo(threads);
            LOG.log(Level.DEBUG, reason::getMessage);
        }
    }

    /**
     * It has come to nothing, and the next fetch of this key need not wait until all is let go. The disk may take a while for that, and
     * code of the caller's to be cancelled, so that neither waits for the other, nor the thread that calls this.
     */
    private void letGo(Threads threads) {
        flights.gone(this);
        cancelFetch(threads);
        threads.dispatch(this::release);
    }

    /** What to cancel when nobody waits any more; at once if that is so. */
    void fetches(CompletableFuture<?> begun) {
        fetched = begun;
        if (isOver()) {
            cancelFetch(parts.threads());
        }
    }

    private void cancelFetch(Threads threads) {
        CompletableFuture<?> begun = fetched;
        if (begun != null) {
            threads.callBack(() -> Parts.close(() -> begun.cancel(true)));
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
        Parts.close(resource);
        return false;
    }

    /** Whether it ends here: if it was not over before, and may end now. */
    private boolean endsIf(BooleanSupplier may) {
        lock.lock();
        try {
            boolean ends = !over && may.getAsBoolean();
            over |= ends;
            return ends;
        } finally {
            lock.unlock();
        }
    }

    /** Prepares what callers get while nothing can take it away, lets go what it holds, and tells them. */
    private void end(Function<Caller, Runnable> outcome) {
        List<Runnable> tell;
        try {
            tell = onBoard().stream().map(outcome).toList();
        } finally {
            release();
        }
        tell.forEach(Runnable::run);
    }

    private List<Caller> onBoard() {
        lock.lock();
        try {
            return List.copyOf(callers);
        } finally {
            lock.unlock();
        }
    }

    /** After the end, when nobody adds to them. */
    private void release() {
        try {
            for (int i = resources.size() - 1; i >= 0; i--) {
                Parts.close(resources.get(i));
            }
        } finally {
            flights.gone(this);
            down.complete(null);
        }
    }
}
