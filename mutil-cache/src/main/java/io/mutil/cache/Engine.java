package io.mutil.cache;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers from what is stored, or has it fetched. Each entry has two instants: when it is due, and when it is of no use; the
 * {@link Judge} says what may be done in between.
 */
final class Engine implements AutoCloseable {
    private final Parts parts;
    private final Judge judge;
    private final Tiers tiers;
    private final Counters counters = new Counters();
    private final Callers callers;
    private final Flights flights;
    private volatile boolean closed;

    /** Time, chance and threads are those of the caller, and so is the disk until {@link #close}. */
    Engine(Settings settings, DiskTier disk, byte[] salt, LongSupplier clock, DoubleSupplier random, Threads threads) {
        judge = new Judge(settings);
        var memory = new MemoryTier(settings.memoryBytes(), settings.memoryEntry());
        tiers = new Tiers(settings, judge, memory, disk, new Names(salt));
        var answers = new Answers(settings.openAnswers(), settings.openBytes());
        parts = new Parts(settings, judge, tiers, answers, counters, clock, threads);
        callers = new Callers(parts);
        flights = new Flights(parts, new Landing(settings, judge, tiers, counters, random));
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
        long now = parts.now();
        return judge.isFresh(held.meta(), options, now) ? fresh(key, held, Source.MEMORY, now) : null;
    }

    private Answer fresh(Key key, Held held, Source source, long now) throws FetchFailedException {
        if (Judge.isGood(held.meta().status())) {
            (source == Source.MEMORY ? counters.memoryHits : counters.diskHits).increment();
        } else {
            counters.negativeHits.increment();
        }
        Judge.checkGood(key, held.meta(), now);
        return parts.answers().of(held, source, now);
    }

    /** Blocks on what {@link #getAsync} does, save that a look at the disk happens in the caller's thread. */
    Answer get(Ask ask) throws IOException, InterruptedException {
        checkOpen();
        Stored stored = stored(ask);
        if (stored.answer() != null) {
            return stored.answer();
        }
        Caller caller = callers.admit(ask, Runnable::run);
        if (caller == null) {
            return refusedOrStale(ask, stored.due());
        }
        join(caller, stored.due());
        return Blocking.get(caller.future());
    }

    private void join(Caller caller, @Nullable Held due) {
        counters.misses.increment();
        flights.join(caller, due);
    }

    /** After {@link #hit} said no. */
    CompletableFuture<Answer> getAsync(Ask ask) {
        checkOpen();
        Caller caller = callers.admit(ask, parts.threads()::callBack);
        if (caller == null) {
            try {
                return CompletableFuture.completedFuture(refusedOrStale(ask, null));
            } catch (FetchFailedException e) {
                return CompletableFuture.failedFuture(e);
            }
        }
        parts.threads().dispatch(() -> look(caller));
        return caller.future();
    }

    private void look(Caller caller) {
        if (caller.future().isDone()) {
            return;
        }
        try {
            Stored stored = stored(caller.ask());
            Answer answer = stored.answer();
            if (answer == null) {
                join(caller, stored.due());
            } else {
                caller.answer(answer);
            }
        } catch (IOException | RuntimeException | Error e) {
            caller.fail(e);
        }
    }

    private record Stored(@Nullable Answer answer, @Nullable Held due) {
        static final Stored NOTHING = new Stored(null, null);
    }

    /** What is stored, as an answer if it may be one; asks the origin beside it when it is due. */
    private Stored stored(Ask ask) throws FetchFailedException {
        long now = parts.now();
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
        Answer stale = parts.answers().of(held, Source.STALE, now);
        if (callers.takePlace()) {
            CompletableFuture<Void> down = flights.background(ask, held);
            if (down == null) {
                callers.leavePlace();
            } else {
                var unusedPlace = down.whenComplete((nothing, never) -> callers.leavePlace());
            }
        }
        counters.staleAnswers.increment();
        return stale;
    }

    private Answer refusedOrStale(Ask ask, @Nullable Held due) throws FetchFailedException {
        Answer stale = parts.standIn(ask, due);
        if (stale == null) {
            throw new FetchFailedException(
                    parts.settings().maxWaiting()
                            + " callers wait already; raise FetchCacheBuilder.maxWaiting, or ask for less at a time",
                    0,
                    null);
        }
        return stale;
    }

    /** Whatever good answer is stored, due or not. */
    Optional<Answer> cached(Key key, Options options) {
        checkOpen();
        long now = parts.now();
        Found found = tiers.newest(key, options, now);
        if (found == null || !Judge.isGood(found.meta().status())) {
            return Optional.empty();
        }
        boolean fresh = judge.isFresh(found.meta(), options, now);
        return Optional.of(parts.answers().of(found.held(), fresh ? found.source() : Source.STALE, now));
    }

    /** Whether a good answer is stored that is not due. */
    boolean contains(Key key) {
        checkOpen();
        long now = parts.now();
        Found found = tiers.newest(key, Options.DEFAULT, now);
        return found != null
                && Judge.isGood(found.meta().status())
                && judge.isFresh(found.meta(), Options.DEFAULT, now);
    }

    void invalidate(Key key) {
        checkOpen();
        flights.outdate(key);
        tiers.remove(key, Options.DEFAULT, parts.now());
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
        return counters.stats(tiers.memory(), tiers.disk().stats(), flights.size(), callers.waiting());
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the cache is closed; open another one on its directory");
        }
    }

    @Override
    public void close() {
        closed = true;
        callers.close();
        flights.close();
        parts.answers().close();
        tiers.memory().clear();
        tiers.disk().close();
    }
}
