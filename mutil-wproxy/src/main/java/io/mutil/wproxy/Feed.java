package io.mutil.wproxy;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.Transport;
import io.mutil.server.Backoff;
import io.mutil.server.CloseReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
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

    /** What an upstream says that is more is not believed. */
    private static final long MOST_MISSED = 1L << 40;

    private final Upstream upstream;
    private final Listener listener;
    private final ScheduledExecutorService loop;
    private final Transport transport;
    private final EventLoopGroup eventLoops;
    private final LongSupplier nanos;
    private final DoubleSupplier random;
    private final Options options;
    private @Nullable Attempt current;
    private int failures;
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
     * @param connectTimeout how long an attempt may take, with everything before the stream
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

    /** One connection, or the try to make one. */
    private final class Attempt implements UpstreamReceiver {
        private volatile boolean over;
        private @Nullable CompletableFuture<? extends UpstreamConnection> connecting;
        private @Nullable UpstreamConnection connection;
        private long since;

        @Override
        public void onMessage(boolean text, ByteBuf payload) {
            if (!over) {
                lastMessage = nanos.getAsLong();
                listener.message(text, payload);
            }
        }

        @Override
        public void onGap(@Nullable String key, long missed) {
            if (!over) {
                listener.gap(key, missed > 0 && missed < MOST_MISSED ? missed : Notices.UNKNOWN);
            }
        }

        @Override
        public void onClose(CloseReason reason) {
            execute(() -> ended(this, "ended with " + reason));
        }

        @Override
        public EventLoopGroup eventLoops() {
            return eventLoops;
        }

        @Override
        public Transport transport() {
            return transport;
        }
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
        this.random = random;
        this.options = options;
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
        var attempt = new Attempt();
        current = attempt;
        CompletableFuture<? extends UpstreamConnection> connecting;
        try {
            connecting = requireNonNull(upstream.connectAsync(attempt), "what connectAsync gives");
        } catch (Throwable e) {
            connecting = CompletableFuture.failedFuture(e);
        }
        attempt.connecting = connecting;
        var timer =
                loop.schedule(() -> giveUp(attempt), options.connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
        var unused = connecting.whenCompleteAsync(
                (connection, e) -> {
                    timer.cancel(false);
                    opened(attempt, connection, e);
                },
                loop);
    }

    private void giveUp(Attempt attempt) {
        if (attempt == current && attempt.connection == null && attempt.connecting != null) {
            attempt.connecting.cancel(false);
        }
    }

    private void opened(Attempt attempt, @Nullable UpstreamConnection connection, @Nullable Throwable failure) {
        if (connection == null) {
            ended(attempt, "could not connect: " + reason(failure));
        } else if (attempt != current || closed) {
            var unused = connection.closeAsync();
        } else {
            attempt.connection = connection;
            attempt.since = nanos.getAsLong();
            lastMessage = attempt.since;
            connected = true;
            warned = false;
            connects.incrementAndGet();
            LOGGER.log(Level.INFO, () -> "connected to " + upstream);
            listener.connected(connection);
            paused = false;
            checkPressure();
        }
    }

    private String reason(@Nullable Throwable failure) {
        return failure instanceof CancellationException
                ? "no stream within " + options.connectTimeout()
                : String.valueOf(failure instanceof CompletionException ? failure.getCause() : failure);
    }

    /** This connection could not be told something, or is not wanted for another reason. */
    void drop(UpstreamConnection connection, String why) {
        Attempt attempt = current;
        if (attempt != null && attempt.connection == connection) {
            var unused = connection.closeAsync();
            ended(attempt, why);
        }
    }

    private void ended(Attempt attempt, String why) {
        if (attempt != current) {
            return;
        }
        attempt.over = true;
        current = null;
        if (attempt.connection != null) {
            connected = false;
            boolean healthy = nanos.getAsLong() - attempt.since
                    >= options.backoff().healthyAfter().toNanos();
            failures = healthy ? 0 : failures;
            listener.disconnected();
        }
        if (!closed) {
            Duration wait = options.backoff().delay(failures++, random);
            // one warning for each time without a connection, not for each attempt
            LOGGER.log(
                    warned ? Level.DEBUG : Level.WARNING,
                    () -> upstream + " " + why + "; next attempt in " + wait.toMillis() + " ms");
            warned = true;
            var unused = loop.schedule(this::connect, wait.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void watch() {
        Attempt attempt = current;
        if (attempt == null || attempt.connection == null || paused || !listener.expectsMessages()) {
            lastMessage = nanos.getAsLong();
        } else if (nanos.getAsLong() - lastMessage > options.silence().toNanos()) {
            drop(attempt.connection, "was silent for " + options.silence());
        }
    }

    /** Pauses the upstream or lets it go on, as is right now. From any thread. */
    void pressureChanged() {
        execute(this::checkPressure);
    }

    private void checkPressure() {
        UpstreamConnection connection = current == null ? null : current.connection;
        boolean pause = listener.shouldPause(paused);
        if (connection == null || pause == paused) {
            return;
        }
        paused = pause;
        if (pause) {
            connection.pause();
        } else {
            connection.resume();
        }
    }

    /** Ends the connection and makes no new one. */
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
        ended(attempt, "closed");
        if (attempt.connection != null) {
            var unused = attempt.connection.closeAsync().whenComplete((v, e) -> done.complete(null));
        } else {
            if (attempt.connecting != null) {
                attempt.connecting.cancel(false);
            }
            done.complete(null);
        }
    }

    boolean isConnected() {
        return connected;
    }

    long connects() {
        return connects.get();
    }
}
