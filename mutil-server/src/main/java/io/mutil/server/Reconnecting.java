package io.mutil.server;

import io.netty.channel.EventLoop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection up: whenever it ends, a new one is made after a wait.
 *
 * @param <C> the connection
 */
final class Reconnecting<C> {
    /**
     * Makes connections and ends them.
     *
     * @param <C> the connection
     */
    interface Source<C> {
        /** Begins one attempt; cancelling ends it. */
        CompletableFuture<C> connect();

        /** {@code current} gives this connection from now on. */
        default void connected(C connection) {}

        /** Takes note of an attempt that failed. */
        default void failed(Throwable why) {}

        /** Runs the action when the connection has ended. */
        void whenEnded(C connection, Runnable action);

        /** Ends a connection in order. */
        void close(C connection);
    }

    private final Source<C> source;
    private final Backoff backoff;
    private final DoubleSupplier random;
    private final Loops loops;
    private final EventLoop loop;
    private final Counters counters;
    private final Logger logger;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile @Nullable C current;

    // confined to the loop
    private CompletableFuture<C> attempt = new CompletableFuture<>();
    private io.netty.util.concurrent.@Nullable Future<?> retry;
    private int failures;
    private boolean stopping;

    /** @param counters gets connections made as accepted, and attempts that failed as refused */
    Reconnecting(
            Source<C> source, Backoff backoff, DoubleSupplier random, Loops loops, Counters counters, Logger logger) {
        this.source = source;
        this.backoff = backoff;
        this.random = random;
        this.loops = loops;
        this.loop = loops.group().next();
        this.counters = counters;
        this.logger = logger;
    }

    void start() {
        loop.execute(this::attempt);
    }

    private void attempt() {
        retry = null;
        try {
            attempt = source.connect();
        } catch (Throwable e) {
            // nobody else would go on
            attempt = CompletableFuture.failedFuture(e);
        }
        var unused = attempt.whenCompleteAsync(this::attempted, loop);
    }

    private void attempted(@Nullable C connected, @Nullable Throwable failure) {
        if (connected == null) {
            counters.refused.increment();
            log(failure);
            if (failure != null && !closing.get()) {
                tell(failure);
            }
            again();
            return;
        }
        counters.accepted.increment();
        current = connected;
        long openedAt = loop.ticker().nanoTime();
        source.whenEnded(connected, () -> loop.execute(() -> dropped(openedAt)));
        if (stopping) {
            source.close(connected);
        } else {
            source.connected(connected);
        }
    }

    private void log(@Nullable Throwable failure) {
        // once per outage: the next attempts will say the same
        Level level = failures == 0 && !closing.get() ? Level.WARNING : Level.DEBUG;
        logger.log(level, () -> (failure == null ? "no connection" : failure.getMessage()) + "; will try again");
    }

    private void tell(Throwable failure) {
        try {
            source.failed(failure);
        } catch (Throwable e) {
            // the next attempt is made all the same
            logger.log(Level.WARNING, "the handler of failed attempts failed", e);
        }
    }

    private void dropped(long openedAt) {
        current = null;
        if (loop.ticker().nanoTime() - openedAt >= backoff.healthyAfter().toNanos()) {
            failures = 0;
        }
        again();
    }

    private void again() {
        // not `closing`: the loop has to live until it ran `stop`
        if (stopping) {
            end();
            return;
        }
        Duration delay = backoff.delay(failures++, random);
        retry = loop.schedule(this::attempt, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void end() {
        loops.shutDown(() -> closed.complete(null));
    }

    /** The connection that is open now, if one is. */
    @Nullable
    C current() {
        return current;
    }

    /** Ends the connection, connects no more, and ends the threads. Completes when everything has ended. */
    CompletableFuture<Void> closeAsync() {
        if (closing.compareAndSet(false, true)) {
            loop.execute(this::stop);
        }
        return closed.copy();
    }

    private void stop() {
        stopping = true;
        C open = current;
        if (open != null) {
            source.close(open);
        } else if (retry != null && retry.cancel(false)) {
            end();
        } else {
            attempt.cancel(false);
        }
    }

    /** Waits for the end, except on an event loop. */
    void close() {
        CompletableFuture<Void> end = closeAsync();
        if (!loops.inEventLoop()) {
            Blocking.awaitClose(end);
        }
    }
}
