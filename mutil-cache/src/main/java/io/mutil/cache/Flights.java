package io.mutil.cache;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** At most one fetch for each key, and what they all need. */
final class Flights {
    private static final Logger LOG = System.getLogger(Flights.class.getName());

    private final Settings settings;
    private final Judge judge;
    private final Tiers tiers;
    private final Landing landing;
    private final Counters counters;
    private final Permits permits;
    private final Pauses pauses = new Pauses();
    private final HeapBudget heap;
    private final Answers answers;
    private final LongSupplier clock;
    private final Executor executor;
    private final Executor callbacks;
    private final ScheduledExecutorService alarms;
    private final ConcurrentHashMap<Key, Flight> aloft = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Flights(
            Settings settings,
            Judge judge,
            Tiers tiers,
            Landing landing,
            Answers answers,
            Counters counters,
            LongSupplier clock,
            Executor executor,
            Executor callbacks,
            ScheduledExecutorService alarms) {
        this.settings = settings;
        this.judge = judge;
        this.tiers = tiers;
        this.landing = landing;
        this.answers = answers;
        this.counters = counters;
        this.heap = new HeapBudget(settings.maxWithoutDisk());
        this.permits = new Permits(settings.maxFetches());
        this.clock = clock;
        this.executor = executor;
        this.callbacks = callbacks;
        this.alarms = alarms;
    }

    /**
     * Waits for the fetch of that key, which begins unless it is under way.
     *
     * @param due what is there already
     */
    CompletableFuture<Answer> join(Ask ask, @Nullable Held due) {
        while (true) {
            CompletableFuture<Answer> joined = joinExisting(ask);
            if (joined != null) {
                return joined;
            }
            var flight = new Flight(this, ask, due, false);
            CompletableFuture<Answer> first = flight.board(ask.options());
            if (first != null && aloft.putIfAbsent(ask.key(), flight) == null) {
                start(flight);
                return first;
            }
        }
    }

    /** Null if none is under way. */
    @Nullable
    CompletableFuture<Answer> joinExisting(Ask ask) {
        Flight flight = aloft.get(ask.key());
        if (flight == null) {
            return null;
        }
        CompletableFuture<Answer> caller = flight.board(ask.options());
        if (caller == null) {
            aloft.remove(ask.key(), flight);
        } else {
            counters.joins.increment();
        }
        return caller;
    }

    /** Fetches for the next caller, unless a fetch is under way or has just failed; null then. */
    @Nullable
    CompletableFuture<Void> background(Ask ask, Held due) {
        if (pauses.isOn(ask.key(), now())) {
            return null;
        }
        var flight = new Flight(this, ask, due, true);
        if (aloft.putIfAbsent(ask.key(), flight) != null) {
            return null;
        }
        start(flight);
        return flight.down();
    }

    private void start(Flight flight) {
        flight.start();
        if (closed) {
            flight.abandon(closed(flight.ask()), Runnable::run);
        }
    }

    FetchFailedException tooLate(Ask ask) {
        return failure(ask, new TimeoutException("no answer within " + Duration.ofMillis(settings.timeout())));
    }

    /** A failure that the cache itself decided on: the reason can be told, since it has no secret. */
    private static FetchFailedException failure(Ask ask, Exception reason) {
        return new FetchFailedException(ask.key() + " could not be fetched: " + reason.getMessage(), 0, reason);
    }

    private static FetchFailedException closed(Ask ask) {
        return failure(ask, new IllegalStateException("the cache was closed"));
    }

    /** Returns when no answer that was asked for before is stored any more. */
    void outdate(Key key) {
        Flight flight = aloft.get(key);
        if (flight != null) {
            flight.outdate().join();
        }
    }

    void outdateAll() {
        List.copyOf(aloft.values()).stream().map(Flight::outdate).toList().forEach(CompletableFuture::join);
    }

    /** Ends all. Returns when nothing of them goes on. */
    void close() {
        closed = true;
        List<Flight> all = List.copyOf(aloft.values());
        all.forEach(flight -> flight.abandon(closed(flight.ask()), Runnable::run));
        all.forEach(flight -> flight.down().join());
    }

    int size() {
        return aloft.size();
    }

    void failed(Key key) {
        counters.failures.increment();
        pauses.begin(key, now());
    }

    void gone(Flight flight) {
        aloft.remove(flight.ask().key(), flight);
    }

    /** Who gets what, now that there is no good answer: an older one, or the failure. */
    Consumer<CompletableFuture<Answer>> standIn(Ask ask, @Nullable Held known, Throwable failure) {
        FetchFailedException failed = failure instanceof FetchFailedException refused
                ? refused
                : new FetchFailedException(
                        ask.key() + " could not be fetched, "
                                + failure.getClass().getSimpleName() + ": see the cause",
                        0,
                        failure);
        LOG.log(Level.DEBUG, failed::getMessage);
        Answer stale = failed.isTrouble() ? onError(ask, known) : null;
        if (stale == null) {
            return caller -> caller.completeExceptionally(failed);
        }
        return caller -> {
            if (caller.complete(stale)) {
                counters.staleAnswers.increment();
            }
        };
    }

    @Nullable
    Answer onError(Ask ask, @Nullable Held known) {
        long now = now();
        Held held = known == null ? tiers.inMemory(ask.key(), now) : known;
        return held != null && judge.mayServeOnError(held.meta(), ask.options(), now)
                ? new Answer(held, Source.STALE, now) // its file is not opened: this may be the thread of the alarms
                : null;
    }

    BodyWriter writer(Ask ask, EntryName name, boolean heapOnly) {
        return new BodyWriter(settings, judge.freshness(ask.options()), tiers.disk(), name, heapOnly, heap);
    }

    /** Rings when the time of a fetch is up, unless it is closed before. */
    AutoCloseable alarm(Runnable timedOut) {
        try {
            Future<?> alarm = alarms.schedule(timedOut, settings.timeout(), TimeUnit.MILLISECONDS);
            return () -> alarm.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {}; // whoever waits is told so soon
        }
    }

    /** On a thread that may wait for the disk; here, if there is none. */
    void dispatch(Runnable work) {
        execute(executor, work);
    }

    /** On a thread that may wait for anything, as code of the caller's may; here, if there is none. */
    void callBack(Runnable work) {
        execute(callbacks, work);
    }

    private static void execute(Executor executor, Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException full) {
            work.run();
        }
    }

    void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.log(Level.WARNING, "what a fetch held could not be let go", e);
        }
    }

    /** How long to wait for another process; after that two may fetch. */
    Duration patience() {
        return Duration.ofMillis(settings.timeout() / 2);
    }

    long now() {
        return clock.getAsLong();
    }

    Judge judge() {
        return judge;
    }

    Tiers tiers() {
        return tiers;
    }

    Landing landing() {
        return landing;
    }

    Answers answers() {
        return answers;
    }

    Counters counters() {
        return counters;
    }

    Permits permits() {
        return permits;
    }
}
