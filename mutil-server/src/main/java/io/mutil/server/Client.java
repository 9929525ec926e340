package io.mutil.server;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes authenticated connections to a server: a single one with {@link #connect}, or one after the other with
 * {@link Builder#start}, whenever the last one has ended.
 *
 * <p>What was queued for a connection that ended is lost; frames are not repeated on the next one.
 *
 * <p>Safe for many threads.
 *
 * <pre>{@code
 * try (Client client = Client.builder(endpoint, keys).onConnection(this::follow).start()) {
 *     ...
 * }
 * }</pre>
 */
public final class Client implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Client.class.getName());

    private final FrameConnector connector;
    private final Counters counters;
    private final Roster roster;
    private final Reconnecting<Connection> connections;

    private Client(FrameConnector connector, Counters counters, Roster roster, Reconnecting<Connection> connections) {
        this.connector = connector;
        this.counters = counters;
        this.roster = roster;
        this.connections = connections;
    }

    /**
     * Makes one connection with the defaults of {@link Builder}.
     *
     * @param keys the first is proved
     * @throws AuthenticationException if the server has another key
     * @throws IOException if the server cannot be reached
     * @throws InterruptedException if interrupted; the attempt is ended
     */
    public static Connection connect(Endpoint endpoint, Keys keys) throws IOException, InterruptedException {
        return builder(endpoint, keys).connect();
    }

    /**
     * Begins the configuration of a client.
     *
     * @param keys the first is proved
     */
    public static Builder builder(Endpoint endpoint, Keys keys) {
        return new Builder(endpoint, keys);
    }

    /**
     * Proves the first of these keys from the next connection on. The one that is open stays, and so do the keys it was
     * made with: close those when no handshake with them is under way any more.
     */
    public void replaceKeys(Keys keys) {
        connector.replaceKeys(requireNonNull(keys, "keys"));
    }

    /** The connection that is open now, if one is. */
    public Optional<Connection> connection() {
        return Optional.ofNullable(connections.current());
    }

    /** What has happened so far, over all connections. */
    public Stats stats() {
        Roster.Sums sums = roster.sums();
        return new Stats(
                connections.current() != null,
                counters.accepted.sum(),
                counters.refused.sum(),
                sums.framesIn(),
                sums.framesOut(),
                sums.bytesIn(),
                sums.bytesOut(),
                sums.unreadBytes(),
                sums.queuedBytes(),
                sums.closedSlow(),
                counters.closedDead.sum());
    }

    /**
     * Ends the connection with {@link CloseReason#NORMAL} after what is queued, connects no more, and ends the threads.
     *
     * @return completes when everything has ended
     */
    public CompletableFuture<Void> closeAsync() {
        return connections.closeAsync();
    }

    /** Closes as {@link #closeAsync} does and waits for the end, except on an event loop. */
    @Override
    public void close() {
        connections.close();
    }

    @Override
    public String toString() {
        return "Client[" + connector.endpoint() + ", " + (connections.current() == null ? "not connected" : "connected")
                + "]";
    }

    /**
     * Counters and gauges of a client, over all its connections.
     *
     * @param connected whether there is a connection now
     * @param connects connections made
     * @param failures attempts that failed
     * @param framesIn frames given to readers
     * @param framesOut frames handed to the kernel, signs of life included
     * @param bytesIn bytes of frames that arrived, with headers
     * @param bytesOut bytes of frames handed to the kernel, with headers
     * @param unreadBytes bytes that have arrived and wait for a reader now
     * @param queuedBytes bytes that wait to be sent now
     * @param closedSlow connections closed because the server took too little
     * @param closedDead connections closed because the server was silent
     */
    public record Stats(
            boolean connected,
            long connects,
            long failures,
            long framesIn,
            long framesOut,
            long bytesIn,
            long bytesOut,
            long unreadBytes,
            long queuedBytes,
            long closedSlow,
            long closedDead) {}

    /** Choices for a client. Used once; not for many threads. */
    public static final class Builder extends ConnectionOptions<Builder> {
        private final Endpoint endpoint;
        private @Nullable ConnectionHandler handler;
        private Duration connectTimeout = Duration.ofSeconds(10);
        private boolean verifyHost = true;
        private Backoff backoff = Backoff.DEFAULT;
        private Consumer<? super Throwable> failedAttempts = why -> {};
        private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

        private Builder(Endpoint endpoint, Keys keys) {
            super(keys);
            this.endpoint = requireNonNull(endpoint, "endpoint");
        }

        @Override
        Builder self() {
            return this;
        }

        /** What to do with each connection of {@link #start}, which needs it. */
        public Builder onConnection(ConnectionHandler handler) {
            this.handler = requireNonNull(handler, "handler");
            return this;
        }

        /** How long looking up the host and connecting may take. Default 10 s; at most 20 days. */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = checkedConnectTimeout(timeout);
            return this;
        }

        /**
         * Whether TLS checks that the server's certificate is for the host of the endpoint. Default true. Without it
         * {@link Handshake#VERSION_2} still finds out a man in the middle, who does not have the key; the other handshakes
         * do not, so let the context of {@link #tls} trust the server's certificate only.
         */
        public Builder verifyHost(boolean on) {
            verifyHost = on;
            return this;
        }

        /** How long to wait between connections of {@link #start}. Default {@link Backoff#DEFAULT}. */
        public Builder backoff(Backoff backoff) {
            this.backoff = requireNonNull(backoff, "backoff");
            return this;
        }

        /**
         * What to do when an attempt of {@link #start} has failed, before the wait for the next one. Called on an event loop
         * with why, mostly an {@link IOException}; it must not block, and may close the client. Default: only a log entry.
         */
        public Builder onFailedAttempt(Consumer<? super Throwable> handler) {
            failedAttempts = requireNonNull(handler, "handler");
            return this;
        }

        /** Evenly from zero, inclusive, to one, exclusive. */
        Builder random(DoubleSupplier random) {
            this.random = random;
            return this;
        }

        /**
         * Makes one connection, which is not made again when it ends. Its own event loop ends with it.
         *
         * @return completes with the connection, or fails with an {@link IOException}; cancelling it ends the attempt
         * @throws IllegalStateException if choices contradict each other
         */
        public CompletableFuture<Connection> connectAsync() {
            ConnectionSettings settings = settings(endpoint, true);
            Loops loops = loops("mutil-client", 1);
            CompletableFuture<Connection> result = loops.orShutDown(() ->
                    connector(settings, loops, new Counters(), new Roster()).connect(loops::shutDown));
            var unused = result.thenAccept(connection -> connection.closing().whenEnded(loops::shutDown));
            return result;
        }

        /**
         * Blocking form of {@link #connectAsync}; not for event-loop threads.
         *
         * @throws AuthenticationException if the server has another key, or speaks another handshake
         * @throws IOException if the server cannot be reached
         * @throws InterruptedException if interrupted; the attempt is ended
         * @throws IllegalStateException if called on one of the event loops given
         */
        public Connection connect() throws IOException, InterruptedException {
            refuseEventLoop("connect", "connectAsync");
            return Blocking.getOrCancel(connectAsync());
        }

        /**
         * Begins to connect, and keeps one connection up until the client is closed. Does not wait for the first.
         *
         * @throws IllegalStateException if no handler was given, or choices contradict each other
         */
        public Client start() {
            ConnectionHandler follow = handler;
            if (follow == null) {
                throw new IllegalStateException("no handler was given; call onConnection first, or connect");
            }
            ConnectionSettings settings = settings(endpoint, true);
            Loops loops = loops("mutil-client", 1);
            var counters = new Counters();
            var roster = new Roster();
            FrameConnector connector = connector(settings, loops, counters, roster);
            var source = new Source(connector, settings, follow, failedAttempts);
            var client = new Client(
                    connector, counters, roster, new Reconnecting<>(source, backoff, random, loops, counters, LOGGER));
            client.connections.start();
            return client;
        }

        private FrameConnector connector(ConnectionSettings settings, Loops loops, Counters counters, Roster roster) {
            return new FrameConnector(
                    endpoint, settings, connectTimeout, verifyHost, new Wiring(settings, counters, roster), loops);
        }
    }

    private record Source(
            FrameConnector connector,
            ConnectionSettings settings,
            ConnectionHandler handler,
            Consumer<? super Throwable> failedAttempts)
            implements Reconnecting.Source<Connection> {
        @Override
        public CompletableFuture<Connection> connect() {
            return connector.connect(() -> {});
        }

        @Override
        public void connected(Connection connection) {
            Handlers.start(settings.executor(), handler, connection);
        }

        @Override
        public void failed(Throwable why) {
            failedAttempts.accept(why);
        }

        @Override
        public void whenEnded(Connection connection, Runnable action) {
            connection.closing().whenEnded(action);
        }

        @Override
        public void close(Connection connection) {
            var unused = connection.closeAsync();
        }
    }
}
