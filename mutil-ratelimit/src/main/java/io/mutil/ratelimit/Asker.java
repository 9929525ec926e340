package io.mutil.ratelimit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** One for whom a store is asked. */
final class Asker {
    final int permits;
    final long arrived;
    /** The tick after which it has no use for them. */
    final long deadline;
    /** Cancelled if the permits cannot be had by then. */
    final CompletableFuture<Duration> future = new CompletableFuture<>();
    /** When the last question for it was sent, so that its permits were counted then or later. Guarded by the lock of the line. */
    long asked;
    /** Whether it is in the line. Guarded as well. */
    boolean queued;

    Asker(int permits, long arrived, long deadline) {
        this.permits = permits;
        this.arrived = arrived;
        this.deadline = deadline;
        asked = arrived;
    }
}
