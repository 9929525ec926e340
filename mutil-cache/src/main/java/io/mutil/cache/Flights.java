package io.mutil.cache;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** At most one fetch for each key, and what all of them share. */
final class Flights {
    private final Parts parts;
    private final Landing landing;
    private final Permits permits;
    private final HeapBudget heap;
    private final Pauses pauses = new Pauses();
    private final ConcurrentHashMap<Key, Flight> aloft = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Flights(Parts parts, Landing landing) {
        this.parts = parts;
        this.landing = landing;
        this.permits = new Permits(parts.settings().maxFetches());
        this.heap = new HeapBudget(parts.settings().memoryWithoutDisk());
    }

    /**
     * Lets a caller wait for the fetch of its key, which begins unless it is under way.
     *
     * @param due what is there already
     */
    void join(Caller caller, @Nullable Held due) {
        while (true) {
            var fresh = new Flight(this, caller.ask(), due, false);
            Flight known = aloft.putIfAbsent(fresh.ask().key(), fresh);
            Flight flight = known == null ? fresh : known;
            if (!flight.board(caller)) {
                gone(flight);
            } else if (known == null) {
                start(fresh);
                return;
            } else {
                parts.counters().joins.increment();
                return;
            }
        }
    }

    /** Fetches for the next caller, unless a fetch is under way or has just failed; null then. */
    @Nullable
    CompletableFuture<Void> background(Ask ask, Held due) {
        if (pauses.isOn(ask.key(), parts.now())) {
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
            abandon(flight);
        }
    }

    private void abandon(Flight flight) {
        flight.abandon(
                FetchFailedException.closed(flight.ask().key()), parts.threads().inPlace());
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

    /** Ends all. Returns when they hold nothing any more; a fetch that does not heed its cancellation goes on. */
    void close() {
        closed = true;
        List<Flight> all = List.copyOf(aloft.values());
        all.forEach(this::abandon);
        all.forEach(flight -> flight.down().join());
    }

    int size() {
        return aloft.size();
    }

    void failed(Key key) {
        parts.counters().failures.increment();
        pauses.begin(key, parts.now());
    }

    void gone(Flight flight) {
        aloft.remove(flight.ask().key(), flight);
    }

    BodyWriter writer(Ask ask, EntryName name, boolean heapOnly) {
        Freshness freshness = parts.judge().freshness(ask.options());
        return new BodyWriter(parts.settings(), freshness, parts.tiers().disk(), name, heapOnly, heap);
    }

    /** How long to wait for another process; after that two may fetch. */
    Duration patience() {
        return Duration.ofMillis(parts.settings().timeout() / 2);
    }

    Parts parts() {
        return parts;
    }

    Landing landing() {
        return landing;
    }

    Permits permits() {
        return permits;
    }
}
