package io.mutil.wproxy;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.Transport;
import io.mutil.server.Backoff;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection to the upstream: makes a new one when it ends or stays silent, and asks for all keys again.
 *
 * <p>Confined to the loop of the upstream, but for what comes from connections.
 */
final class Feed {
    private static final Logger LOGGER = System.getLogger(Feed.class.getName());

    private final Upstream upstream;
    private final Listener listener;
    private final ScheduledExecutorService loop;
    private final Transport transport;
    private final EventLoopGroup eventLoops;
    private final LongSupplier nanos;
    private final Options options;
    private final Waits waits;
    private final Farewell farewell;
    private @Nullable Attempt current;
    private boolean paused;
    private boolean closed;
    private boolean warned;

    private volatile boolean connected;
    private final AtomicLong connects = new AtomicLong();
    private volatile long lastMessage;

    /**
     * When to make a new connection.
     *
     * @param backoff waits between attempts
     * @param connectTimeout how long an attempt may take, with everything before the stream; of several upstreams each
     * @param silence how long no message may come; zero for ever
     */
    record Options(Backoff backoff, Duration connectTimeout, Duration silence) {}

    /** What the proxy does with it. */
    interface Listener {
        /** From any thread, one at a time for a connection. */
        void message(boolean text, ByteBuf payload);

        /** As {@link #message}. */
        void gap(@Nullable String key, long missed);

        void connected(UpstreamConnection connection);

        void disconnected();

        /** Whether something has been asked for, so that silence is strange. */
        boolean expectsMessages();

        /** Whether the upstream should pause. */
        boolean shouldPause(boolean paused);
    }

    Feed(
            Upstream upstream,
            Listener listener,
            ScheduledExecutorService loop,
            Transport transport,
            EventLoopGroup eventLoops,
            LongSupplier nanos,
            DoubleSupplier random,
            Options options) {
        this.upstream = upstream;
        this.listener = listener;
        this.loop = loop;
        this.transport = transport;
        this.eventLoops = eventLoops;
        this.nanos = nanos;
        this.options = options;
        int upstreams = upstream instanceof FailoverUpstream several ? several.size() : 1;
        this.waits = new Waits(options.backoff(), upstreams, random);
        this.farewell = new Farewell(upstream, loop);
    }

    void start() {
        execute(this::connect);
        if (!options.silence().isZero()) {
            long interval = Math.max(1, options.silence().toNanos() / 4);
            var unused = loop.scheduleWithFixedDelay(this::watch, interval, interval, TimeUnit.NANOSECONDS);
        }
    }

    private void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // the proxy is closed
            return;
        }
    }

    private void connect() {
        if (closed) {
            return;
        }
        var attempt = new Attempt(this, listener);
        current = attempt;
        CompletableFuture<? extends UpstreamConnection> connecting;
        try {
            connecting = requireNonNull(upstream.connectAsync(attempt), "what connectAsync gives");
        } catch (Throwable e) {
            connecting = CompletableFuture.failedFuture(e);
        }
        attempt.connecting(connecting);
        var timer = loop.schedule(attempt::cancel, options.connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
        var unused = connecting.whenCompleteAsync(
                (connection, e) -> {
                    timer.cancel(false);
                    opened(attempt, connection, e);
                },
                loop);
    }

    private void opened(Attempt attempt, @Nullable UpstreamConnection connection, @Nullable Throwable failure) {
        if (connection == null) {
            ended(attempt, sentence(failure));
        } else if (attempt != current || closed) {
            var unused = farewell.say(connection);
        } else {
            lastMessage = nanos.getAsLong();
            attempt.opened(connection, lastMessage);
            connected = true;
            warned = false;
            connects.incrementAndGet();
            LOGGER.log(Level.INFO, () -> "connected to " + upstream);
            listener.connected(connection);
            paused = false;
            checkPressure();
        }
    }

    private String sentence(@Nullable Throwable failure) {
        if (failure instanceof CancellationException) {
            return upstream + " could not connect: no stream within " + options.connectTimeout();
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        String text =
                cause instanceof IOException && cause.getMessage() != null ? cause.getMessage() : String.valueOf(cause);
        // it may say to what, which of several upstreams only it knows
        return text.startsWith("cannot connect to") ? text : upstream + " could not connect: " + text;
    }

    /** This connection could not be told something, or is not wanted for another reason. */
    void drop(UpstreamConnection connection, String why) {
        Attempt attempt = current;
        if (attempt != null && attempt.connection() == connection) {
            drop(attempt, why);
        }
    }

    private void drop(Attempt attempt, String why) {
        if (attempt != current) {
            return;
        }
        UpstreamConnection connection = attempt.connection();
        if (connection == null) {
            attempt.cancel();
        } else {
            var unused = farewell.say(connection);
        }
        ended(attempt, upstream + " " + why);
    }

    private void ended(Attempt attempt, String why) {
        if (attempt != current) {
            return;
        }
        attempt.end();
        current = null;
        if (attempt.connection() == null) {
            tryAgain(waits.afterFailure(), why);
            return;
        }
        connected = false;
        try {
            listener.disconnected();
        } finally {
            tryAgain(waits.afterLoss(Duration.ofNanos(nanos.getAsLong() - attempt.since())), why);
        }
    }

    private void tryAgain(Duration wait, String why) {
        if (closed) {
            return;
        }
        // one warning for each time without a connection, not for each attempt
        LOGGER.log(
                warned ? Level.DEBUG : Level.WARNING,
                () -> Shown.of(why) + "; next attempt in " + wait.toMillis() + " ms");
        warned = true;
        var unused = loop.schedule(this::connect, wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    // for attempts

    /** Whether this is the thread that attempts end on. */
    boolean isOnLoop() {
        return loop instanceof EventExecutor own && own.inEventLoop();
    }

    /** Something has come of the connection. From any thread. */
    void heard() {
        lastMessage = nanos.getAsLong();
    }

    /** This one has come to an end of its own accord. From any thread. */
    void lost(Attempt attempt, String why) {
        execute(() -> ended(attempt, upstream + " " + why));
    }

    /** This one must come to an end. From any thread. */
    void dropLater(Attempt attempt, String why) {
        execute(() -> drop(attempt, why));
    }

    EventLoopGroup eventLoops() {
        return eventLoops;
    }

    Transport transport() {
        return transport;
    }

    private void watch() {
        Attempt attempt = current;
        if (attempt == null || attempt.connection() == null || paused || !listener.expectsMessages()) {
            lastMessage = nanos.getAsLong();
        } else if (nanos.getAsLong() - lastMessage > options.silence().toNanos()) {
            drop(attempt, "was silent for " + options.silence());
        }
    }

    /** Pauses the upstream or lets it go on, as is right now. From any thread. */
    void pressureChanged() {
        execute(this::checkPressure);
    }

    private void checkPressure() {
        UpstreamConnection connection = current == null ? null : current.connection();
        boolean pause = listener.shouldPause(paused);
        if (connection == null || pause == paused) {
            return;
        }
        paused = pause;
        try {
            if (pause) {
                connection.pause();
            } else {
                connection.resume();
            }
        } catch (Throwable e) {
            // else it might never go on
            drop(connection, "could not be " + (pause ? "paused" : "resumed") + ": " + e);
        }
    }

    /** Ends the connection and makes no new one; completes before long, whatever the connection does. */
    CompletableFuture<Void> closeAsync() {
        var done = new CompletableFuture<Void>();
        execute(() -> close(done));
        return done;
    }

    private void close(CompletableFuture<Void> done) {
        closed = true;
        Attempt attempt = current;
        if (attempt == null) {
            done.complete(null);
            return;
        }
        try {
            attempt.cancel();
            ended(attempt, "closed");
        } finally {
            UpstreamConnection connection = attempt.connection();
            var ended = connection == null ? CompletableFuture.completedFuture(null) : farewell.say(connection);
            var unused = ended.thenRun(() -> done.complete(null));
        }
    }

    boolean isConnected() {
        return connected;
    }

    long connects() {
        return connects.get();
    }
}
