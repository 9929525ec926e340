package io.mutil.cache;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** All who wait: at most so many, and none for longer than the time-out. */
final class Callers {
    private final Parts parts;
    private final Set<Caller> all = ConcurrentHashMap.newKeySet();
    private final AtomicInteger places = new AtomicInteger();
    private volatile boolean closed;

    Callers(Parts parts) {
        this.parts = parts;
    }

    Parts parts() {
        return parts;
    }

    /**
     * One more; null if there are too many.
     *
     * @param executor where its future completes
     */
    @Nullable
    Caller admit(Ask ask, Executor executor) {
        if (!takePlace()) {
            return null;
        }
        var caller = new Caller(this, ask, executor);
        all.add(caller);
        long timeout = parts.settings().timeout();
        AutoCloseable alarm =
                parts.threads().alarm(timeout, () -> caller.giveUp(FetchFailedException.tooLate(ask.key(), timeout)));
        var unused = caller.future().whenComplete((answer, failure) -> {
            Parts.close(alarm);
            all.remove(caller);
            caller.ended();
        });
        if (closed) {
            tellOfTheEnd(caller);
        }
        return caller;
    }

    /** Also for a fetch that nobody waits for. */
    boolean takePlace() {
        if (places.incrementAndGet() > parts.settings().maxWaiting()) {
            places.decrementAndGet();
            return false;
        }
        return true;
    }

    void leavePlace() {
        places.decrementAndGet();
    }

    int waiting() {
        return places.get();
    }

    /** None waits any more. */
    void close() {
        closed = true;
        all.forEach(Callers::tellOfTheEnd);
    }

    private static void tellOfTheEnd(Caller caller) {
        caller.giveUp(FetchFailedException.closed(caller.ask().key()));
    }
}
