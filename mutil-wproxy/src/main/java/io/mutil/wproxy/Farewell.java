package io.mutil.wproxy;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Closes connections of an upstream, and goes on without them if they do not do as they should. On its loop. */
final class Farewell {
    private static final Logger LOGGER = System.getLogger(Farewell.class.getName());
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Upstream upstream;
    private final ScheduledExecutorService loop;
    private final AtomicBoolean warned = new AtomicBoolean();

    Farewell(Upstream upstream, ScheduledExecutorService loop) {
        this.upstream = upstream;
        this.loop = loop;
    }

    /** Never throws; what it returns does not fail, and completes before long. */
    CompletableFuture<Void> say(UpstreamConnection connection) {
        var ended = new CompletableFuture<Void>();
        try {
            CompletableFuture<Void> closing = requireNonNull(connection.closeAsync(), "what closeAsync gives");
            if (!closing.isDone()) {
                awaitPatiently(ended);
            }
            var unused = closing.whenComplete((v, e) -> end(ended, e == null ? null : "failed: " + e));
        } catch (Throwable e) {
            end(ended, "failed: " + e);
        }
        return ended;
    }

    private void awaitPatiently(CompletableFuture<Void> ended) {
        var timer = loop.schedule(
                () -> end(ended, "took longer than " + PATIENCE), PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        var unused = ended.thenRun(() -> timer.cancel(false));
    }

    private void end(CompletableFuture<Void> ended, @Nullable String problem) {
        if (ended.complete(null) && problem != null) {
            // an upstream that does it once may do it each time
            LOGGER.log(
                    warned.getAndSet(true) ? Level.DEBUG : Level.WARNING,
                    () -> "closing a connection of " + upstream + " " + Shown.of(problem)
                            + "; the proxy goes on, but something of it may be left");
        }
    }
}
