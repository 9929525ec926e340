package io.mutil.cache;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers from what is stored, or has it fetched. Each entry has two instants: when it is due, and when it is of no use; the
 * {@link Judge} says what may be done in between.
 */
final class Engine implements AutoCloseable {
    private final Settings settings;
    private final LongSupplier clock;
    private final Judge judge;
    private final Tiers tiers;
    private final Counters counters = new Counters();
    private final Answers answers;
    private final Flights flights;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean closed;

    /**
     * Time, chance and threads are those of the caller, and so is the disk until {@link #close}.
     *
     * @param executor threads that wait for the disk, and for nothing else
     * @param callbacks threads that run code of callers; they may wait for this very cache, so that none of its own must depend on
     *     them
     */
    Engine(
            Settings settings,
            DiskTier disk,
            byte[] salt,
            LongSupplier clock,
            DoubleSupplier random,
            Executor executor,
            Executor callbacks,
            ScheduledExecutorService alarms) {
        this.settings = settings;
        this.clock = clock;
        this.judge = new Judge(settings);
        var memory = new MemoryTier(settings.memoryBytes(), settings.memoryEntry());
        this.tiers = new Tiers(settings, judge, memory, disk, new Names(salt));
        this.answers = new Answers(settings.openAnswers(), settings.openBytes());
        var landing = new Landing(settings, judge, tiers, answers, counters, random);
        this.flights =
                new Flights(settings, judge, tiers, landing, answers, counters, clock, executor, callbacks, alarms);
    }

    /**
     * A fresh answer from memory, or null. No future, and nothing allocated but the answer.
     *
     * @throws FetchFailedException if a refusal is remembered
     */
    @Nullable
    Answer hit(Key key, Options options) throws FetchFailedException {
        Held held = options.isRefresh() ? null : tiers.memory().get(key);
        if (held == null) {
            return null;
        }
        long now = clock.getAsLong();
        return judge.isFresh(held.meta(), options, now) ? fresh(key, held, Source.MEMORY, now) : null;
    }

    private Answer fresh(Key key, Held held, Source source, long now) throws FetchFailedException {
        if (Judge.isGood(held.meta().status())) {
            (source == Source.MEMORY ? counters.memoryHits : counters.diskHits).increment();
        } else {
            counters.negativeHits.increment();
        }
        Judge.checkGood(key, held.meta(), now);
        return answers.of(held, source, now);
    }

    /** Blocks on what {@link #getAsync} does, save that a look at the disk happens in the caller's thread. */
    Answer get(Ask ask) throws IOException, InterruptedException {
        checkOpen();
        Stored stored = stored(ask);
        if (stored.answer() != null) {
            return stored.answer();
        }
        if (!takeSlot()) {
            return refusedOrStale(ask, stored.due());
        }
        counters.misses.increment();
        try {
            return Blocking.get(flights.join(ask, stored.due()));
        } finally {
            waiting.decrementAndGet();
        }
    }

    /** After {@link #hit} said no. */
    CompletableFuture<Answer> getAsync(Ask ask) {
        checkOpen();
        if (!takeSlot()) {
            try {
                return CompletableFuture.completedFuture(refusedOrStale(ask, null));
            } catch (FetchFailedException e) {
                return CompletableFuture.failedFuture(e);
            }
        }
        var result = new CompletableFuture<Answer>();
        // until it is looked up; then the flight has an alarm of its own
        AutoCloseable alarm = flights.alarm(() -> flights.callBack(() -> giveUp(ask, result)));
        flights.dispatch(() -> {
            look(ask, result);
            flights.close(alarm);
            // who gave up keeps the place until a thread has come by, or the queue for threads had no bound
            var unusedSlot = result.whenComplete((answer, failure) -> waiting.decrementAndGet());
        });
        return result;
    }

    private void giveUp(Ask ask, CompletableFuture<Answer> result) {
        flights.standIn(ask, null, flights.tooLate(ask)).accept(result);
    }

    private void look(Ask ask, CompletableFuture<Answer> result) {
        if (result.isDone()) {
            return;
        }
        try {
            Stored stored = stored(ask);
            Answer answer = stored.answer();
            if (answer == null) {
                await(flights.join(ask, stored.due()), result);
            } else {
                flights.callBack(() -> result.complete(answer));
            }
        } catch (IOException | RuntimeException | Error e) {
            flights.callBack(() -> result.completeExceptionally(e));
        }
    }

    private void await(CompletableFuture<Answer> joined, CompletableFuture<Answer> result) {
        counters.misses.increment();
        var unusedArrival = joined.whenComplete((answer, failure) -> {
            if (failure == null) {
                flights.callBack(() -> result.complete(answer));
            } else if (!result.isDone()) {
                flights.callBack(() -> result.completeExceptionally(Blocking.unwrapped(failure)));
            }
        });
        // if somebody else completed it, by cancelling for instance, nobody waits here any more
        var unusedEnd = result.whenComplete((answer, failure) -> joined.cancel(true));
    }

    private record Stored(@Nullable Answer answer, @Nullable Held due) {
        static final Stored NOTHING = new Stored(null, null);
    }

    /** What is stored, as an answer if it may be one; asks the origin beside it when it is due. */
    private Stored stored(Ask ask) throws FetchFailedException {
        long now = clock.getAsLong();
        Key key = ask.key();
        Options options = ask.options();
        Held inMemory = tiers.inMemory(key, now);
        if (options.isRefresh()) {
            return inMemory == null ? Stored.NOTHING : new Stored(null, inMemory);
        }
        if (inMemory != null
                && judge.mayServeWhileRevalidating(inMemory.meta(), options, now)
                && !judge.isFresh(inMemory.meta(), options, now)) {
            return new Stored(staleWhileFetching(ask, inMemory, now), inMemory);
        }
        Found found = tiers.newest(key, options, now);
        if (found == null) {
            return Stored.NOTHING;
        }
        if (judge.isFresh(found.meta(), options, now)) {
            return new Stored(fresh(key, found.held(), found.source(), now), found.held());
        }
        return judge.mayServeWhileRevalidating(found.meta(), options, now)
                ? new Stored(staleWhileFetching(ask, found.held(), now), found.held())
                : new Stored(null, found.held());
    }

    private Answer staleWhileFetching(Ask ask, Held held, long now) {
        // before anything may take its place
        Answer stale = answers.of(held, Source.STALE, now);
        if (takeSlot()) {
            CompletableFuture<Void> down = flights.background(ask, held);
            if (down == null) {
                waiting.decrementAndGet();
            } else {
                var unusedSlot = down.whenComplete((nothing, never) -> waiting.decrementAndGet());
            }
        }
        counters.staleAnswers.increment();
        return stale;
    }

    private boolean takeSlot() {
        if (waiting.incrementAndGet() > settings.maxWaiting()) {
            waiting.decrementAndGet();
            return false;
        }
        return true;
    }

    private Answer refusedOrStale(Ask ask, @Nullable Held due) throws FetchFailedException {
        Answer stale = flights.onError(ask, due);
        if (stale == null) {
            throw new FetchFailedException(
                    settings.maxWaiting()
                            + " callers wait already; raise FetchCacheBuilder.maxWaiting, or ask for less at a time",
                    0,
                    null);
        }
        counters.staleAnswers.increment();
        return stale;
    }

    /** Whatever good answer is stored, due or not. */
    Optional<Answer> cached(Key key, Options options) {
        checkOpen();
        long now = clock.getAsLong();
        Found found = tiers.newest(key, options, now);
        if (found == null || !Judge.isGood(found.meta().status())) {
            return Optional.empty();
        }
        boolean fresh = judge.isFresh(found.meta(), options, now);
        return Optional.of(answers.of(found.held(), fresh ? found.source() : Source.STALE, now));
    }

    /** Whether a good answer is stored that is not due. */
    boolean contains(Key key) {
        checkOpen();
        long now = clock.getAsLong();
        Found found = tiers.newest(key, Options.DEFAULT, now);
        return found != null
                && Judge.isGood(found.meta().status())
                && judge.isFresh(found.meta(), Options.DEFAULT, now);
    }

    void invalidate(Key key) {
        checkOpen();
        flights.outdate(key);
        tiers.remove(key, Options.DEFAULT, clock.getAsLong());
        // one may have looked at what is stored between the two
        flights.outdate(key);
    }

    void invalidateAll() {
        checkOpen();
        flights.outdateAll();
        tiers.clear();
        flights.outdateAll();
    }

    CacheStats stats() {
        return counters.stats(tiers.memory(), tiers.disk().stats(), flights.size(), waiting.get());
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the cache is closed; open another one on its directory");
        }
    }

    @Override
    public void close() {
        closed = true;
        flights.close();
        answers.close();
        tiers.memory().clear();
        tiers.disk().close();
    }
}
