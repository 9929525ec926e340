package io.mutil.ratelimit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One for whom a store is asked. */
final class Asker {
    final int permits;
    final long arrived;
    /** The tick after which it has no use for them. */
    final long deadline;
    /** Cancelled if the permits cannot be had by then. */
    final CompletableFuture<Duration> future = new CompletableFuture<>();
    /** The thread that sleeps until the end, and is woken to take steps when it is the first; null if there is none. */
    final @Nullable Thread sleeper;
    // ---- with the lock of the line
    /** When the last question for it was sent, so that its permits were counted then or later. */
    long asked;
    /** By which it was asked for then. */
    List<Rule> rules = List.of();
    /** Whether it is in the line. */
    boolean queued;
    /** Whether a caller has the future, so that anything may depend on it. */
    boolean shared;

    Asker(int permits, long arrived, long deadline) {
        this(permits, arrived, deadline, null);
    }

    private Asker(int permits, long arrived, long deadline, @Nullable Thread sleeper) {
        this.permits = permits;
        this.arrived = arrived;
        this.deadline = deadline;
        this.sleeper = sleeper;
        asked = arrived;
    }

    /** This thread, which does not want to wait for a permit. */
    static Asker attempt(int permits, long arrived) {
        return new Asker(permits, arrived, arrived, Thread.currentThread());
    }
}
