package io.mutil.ratelimit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** What a {@link RateLimit} does, with the books in this object or in a store. Permits are positive. */
interface Gate {
    boolean tryAcquire(int permits);

    boolean tryAcquire(int permits, long timeout) throws InterruptedException;

    Duration acquire(int permits) throws InterruptedException;

    CompletableFuture<Duration> acquireAsync(int permits);

    /** By a gate that there may be no room for. */
    static CompletableFuture<Duration> acquireAsync(Supplier<Gate> heir, int permits) {
        try {
            return heir.get().acquireAsync(permits);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    Reservation reserve(int permits);

    void refund(int permits, long age);

    Duration peek(int permits);

    void change(List<Rule> rules);

    void observe(ServerWord word);

    List<Rule> rules();

    RateLimitStats stats();

    /** When nothing keeps it from being forgotten, if nothing happens until then. */
    long idleAt();

    /**
     * Ends this gate, if nothing keeps it from being forgotten; who uses it later is sent on.
     *
     * @param heir finds the gate in use then
     */
    boolean retire(Supplier<Gate> heir);
}
