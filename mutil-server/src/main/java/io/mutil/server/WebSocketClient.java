package io.mutil.server;

import static java.util.Objects.requireNonNull;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.lang.System.Logger;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection to a WebSocket server up: whenever it ends, a new one is made after a wait.
 *
 * <p>The listener sees {@code onOpen} and {@code onClose} of each connection in turn. What was queued for a connection
 * that ended is lost; messages are not repeated on the next one. For a single connection without return, use
 * {@link Builder#connect()}.
 *
 * <p>Safe for many threads.
 *
 * <pre>{@code
 * WebSocketClient client = WebSocketClient.builder(URI.create("ws://127.0.0.1:6222/"), listener)
 *         .backoff(new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofSeconds(30)))
 *         .start();
 * }</pre>
 */
public final class WebSocketClient implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(WebSocketClient.class.getName());

    private final Connector connector;
    private final Counters counters;
    private final Reconnecting<WebSocket> connections;

    private WebSocketClient(
            Connector connector,
            Consumer<? super Throwable> failedAttempts,
            Backoff backoff,
            DoubleSupplier random,
            Loops loops,
            Counters counters) {
        this.connector = connector;
        this.counters = counters;
        this.connections =
                new Reconnecting<>(new Source(connector, failedAttempts), backoff, random, loops, counters, LOGGER);
    }

    private record Source(Connector connector, Consumer<? super Throwable> failedAttempts)
            implements Reconnecting.Source<WebSocket> {
        @Override
        public CompletableFuture<WebSocket> connect() {
            return connector.connect(() -> {});
        }

        @Override
        public void failed(Throwable why) {
            failedAttempts.accept(why);
        }

        @Override
        public void whenEnded(WebSocket socket, Runnable action) {
            socket.whenClosed(action);
        }

        @Override
        public void close(WebSocket socket) {
            var unused = socket.closeAsync(CloseReason.NORMAL, "");
        }
    }

    /**
     * Begins the configuration of a client.
     *
     * @param uri as {@code ws://host:port/path?query}; or {@code wss} with TLS, which trusts whom the JDK trusts unless
     *     {@link Builder#tls} is given. Port 80, or 443, if it has none
     * @throws IllegalArgumentException if it is not such a URI, or its port out of range
     */
    public static Builder builder(URI uri, WebSocketListener listener) {
        return new Builder(checked(uri), requireNonNull(listener, "listener"));
    }

    private static URI checked(URI uri) {
        if (!("ws".equalsIgnoreCase(uri.getScheme()) || isSecure(uri)) || uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "URI must be ws://host:port/path or wss://host:port/path, its scheme was " + uri.getScheme()
                            + " and its host " + uri.getHost());
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("URI of host " + uri.getHost()
                    + " must have neither user nor fragment; send credentials in a header");
        }
        if (uri.getPort() != -1) {
            Addresses.checkPort(uri.getPort());
        }
        return uri;
    }

    private static boolean isSecure(URI uri) {
        return "wss".equalsIgnoreCase(uri.getScheme());
    }

    /** The connection that is open now, if one is. */
    public Optional<WebSocket> socket() {
        return Optional.ofNullable(connections.current());
    }

    /** What has happened so far, over all connections. */
    public Stats stats() {
        WebSocket current = connections.current();
        return new Stats(
                current != null,
                counters.accepted.sum(),
                counters.refused.sum(),
                counters.messagesIn.sum(),
                counters.messagesOut.sum(),
                counters.bytesIn.sum(),
                counters.bytesOut.sum(),
                current == null ? 0 : current.queuedBytes(),
                counters.rejectedMessages.sum(),
                counters.closedSlow.sum(),
                counters.closedDead.sum());
    }

    /**
     * Ends the connection with code 1000, connects no more, and ends the threads.
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
        return "WebSocketClient[" + connector.target() + ", "
                + (connections.current() == null ? "not connected" : "connected") + "]";
    }

    /**
     * Counters and gauges of a client, over all its connections.
     *
     * @param connected whether there is a connection now
     * @param connects connections made
     * @param failures attempts that failed
     * @param messagesIn messages received
     * @param messagesOut messages handed to the kernel
     * @param bytesIn payload bytes of {@code messagesIn}
     * @param bytesOut payload bytes of {@code messagesOut}, before compression
     * @param queuedBytes bytes that wait to be sent now
     * @param rejectedMessages messages that did not fit into the queue
     * @param closedSlow connections closed because the server took too little
     * @param closedDead connections closed because the server was silent
     */
    public record Stats(
            boolean connected,
            long connects,
            long failures,
            long messagesIn,
            long messagesOut,
            long bytesIn,
            long bytesOut,
            long queuedBytes,
            long rejectedMessages,
            long closedSlow,
            long closedDead) {}

    /** Choices for a client. Used once; not for many threads. */
    public static final class Builder extends SocketOptions<Builder> {
        private final URI uri;
        private final WebSocketListener listener;
        private final HttpHeaders headers = new DefaultHttpHeaders();
        private Duration connectTimeout = Duration.ofSeconds(10);
        private boolean verifyHost = true;
        private Backoff backoff = Backoff.DEFAULT;
        private Consumer<? super Throwable> failedAttempts = why -> {};
        private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

        private Builder(URI uri, WebSocketListener listener) {
            this.uri = uri;
            this.listener = listener;
        }

        @Override
        Builder self() {
            return this;
        }

        /** Sends this origin with the handshake, as {@code https://app.example.com}. Default none. */
        public Builder origin(String origin) {
            headers.set(HttpHeaderNames.ORIGIN, origin);
            return this;
        }

        /**
         * Adds a header to the handshake, such as an authorization; repeatable.
         *
         * @throws IllegalArgumentException if the name or the value holds characters that a header may not
         */
        public Builder header(String name, String value) {
            headers.add(name, value);
            return this;
        }

        /** How long looking up the host and connecting may take. Default 10 s; at most 20 days. */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = checkedConnectTimeout(timeout);
            return this;
        }

        /**
         * Whom to trust when connecting to a {@code wss} URI, and what to show if the server asks for a certificate.
         * Default: whom the JDK trusts, and none.
         */
        @Override
        public Builder tls(SslContext context) {
            return super.tls(context);
        }

        /** Whether the server's certificate has to be for the host of the URI. Default true. */
        public Builder verifyHost(boolean on) {
            verifyHost = on;
            return this;
        }

        /** How long to wait between connections of {@link #start()}. Default {@link Backoff#DEFAULT}. */
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
         * @return completes after {@code onOpen}, or fails with an {@link IOException} if the server cannot be reached
         *     or refuses; cancelling it ends the attempt
         * @throws IllegalStateException if choices contradict each other
         */
        public CompletableFuture<WebSocket> connectAsync() {
            Loops loops = loops("mutil-client", 1);
            CompletableFuture<WebSocket> result =
                    loops.orShutDown(() -> connector(loops, new Counters()).connect(loops::shutDown));
            var unused = result.thenAccept(socket -> socket.whenClosed(loops::shutDown));
            return result;
        }

        /**
         * Blocking form of {@link #connectAsync}; not for event-loop threads.
         *
         * @throws IOException if the server cannot be reached or refuses
         * @throws InterruptedException if interrupted; the attempt is ended
         * @throws IllegalStateException if called on one of the event loops given
         */
        public WebSocket connect() throws IOException, InterruptedException {
            refuseEventLoop("connect", "connectAsync");
            return Blocking.getOrCancel(connectAsync());
        }

        /**
         * Begins to connect, and keeps one connection up until the client is closed. Does not wait for the first.
         *
         * @throws IllegalStateException if choices contradict each other
         */
        public WebSocketClient start() {
            Loops loops = loops("mutil-client", 1);
            var counters = new Counters();
            Connector connector = loops.orShutDown(() -> connector(loops, counters));
            var client = new WebSocketClient(connector, failedAttempts, backoff, random, loops, counters);
            client.connections.start();
            return client;
        }

        private Connector connector(Loops loops, Counters counters) {
            var settings = settings();
            var open = new OpenSocket(true, settings, listener, counters, socket -> {});
            return new Connector(
                    uri, headers.copy(), settings, connectTimeout, trust(), verifyHost, open, loops, blocking());
        }

        private @Nullable SslContext trust() {
            SslContext given = checkedTls(true);
            if (given != null && !isSecure(uri)) {
                throw new IllegalStateException("tls has no use for a URI of ws; leave tls out, or connect to wss");
            }
            return given == null && isSecure(uri) ? whomTheJdkTrusts() : given;
        }

        private static SslContext whomTheJdkTrusts() {
            try {
                return SslContextBuilder.forClient().build();
            } catch (SSLException e) {
                throw new IllegalStateException("this JDK has no TLS; give Builder.tls a context", e);
            }
        }
    }
}
