package io.mutil.server;

import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Listens for WebSocket connections on one port.
 *
 * <p>Bound to loopback unless told otherwise, and safe on an open port: headers, messages, queues, connections and every
 * wait are limited. It does not know who its clients are, unless TLS asks for their certificates or {@link Builder#onUpgrade}
 * for what else they show; a page of a browser may connect only from this very server or from an origin that was allowed. A few files of such a page can be served along.
 *
 * <p>Safe for many threads.
 *
 * <pre>{@code
 * WebSocketListener echo = new WebSocketListener() {
 *     public void onText(WebSocket socket, String text) {
 *         socket.sendAsync(text);
 *     }
 * };
 * try (WebSocketServer server = WebSocketServer.builder(echo).start();
 *         WebSocket client = WebSocketClient.builder(server.uri(), printer).connect()) {
 *     client.send("hello");
 * }
 * }</pre>
 */
public final class WebSocketServer implements AutoCloseable {
    private final Channel listening;
    private final Places places;
    private final String scheme;
    private final String path;
    private final Loops loops;
    private final Set<WebSocket> sockets;
    private final Counters counters;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private WebSocketServer(
            Channel listening,
            Places places,
            String scheme,
            String path,
            Loops loops,
            Set<WebSocket> sockets,
            Counters counters) {
        this.listening = listening;
        this.places = places;
        this.scheme = scheme;
        this.path = path;
        this.loops = loops;
        this.sockets = sockets;
        this.counters = counters;
    }

    /** Begins the configuration of a server whose connections are handed to this listener. */
    public static Builder builder(WebSocketListener listener) {
        return new Builder(requireNonNull(listener, "listener"));
    }

    /** The port that is listened on, also if port 0 was asked for. */
    public int port() {
        return address().getPort();
    }

    /** The address that is listened on. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** Where a client on this machine connects to. */
    public URI uri() {
        var bound = address().getAddress();
        String host = bound.isAnyLocalAddress() ? "localhost" : bound.getHostAddress();
        try {
            return URI.create(new URI(scheme, null, host, port(), null, null, null) + path);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no URI for " + address(), e);
        }
    }

    /** The connections that are open now; a copy. */
    public Collection<WebSocket> connections() {
        return List.copyOf(sockets);
    }

    /** What has happened so far. */
    public Stats stats() {
        long queued = 0;
        for (WebSocket socket : sockets) {
            queued += socket.queuedBytes();
        }
        return new Stats(
                sockets.size(),
                counters.accepted.sum(),
                counters.refused.sum(),
                counters.messagesIn.sum(),
                counters.messagesOut.sum(),
                counters.bytesIn.sum(),
                counters.bytesOut.sum(),
                queued,
                counters.rejectedMessages.sum(),
                counters.closedSlow.sum(),
                counters.closedDead.sum());
    }

    /**
     * Stops listening, closes every connection with code 1001 after what is queued for it, and ends the threads. A peer
     * that does not answer is cut off after the drain time-out.
     *
     * @return completes when everything has ended
     */
    public CompletableFuture<Void> closeAsync() {
        if (closing.compareAndSet(false, true)) {
            listening.close().addListener(f -> closeConnections());
        }
        return closed.copy();
    }

    private void closeConnections() {
        var unused =
                places.close(WebSocketServer::end).whenComplete((v, e) -> loops.shutDown(() -> closed.complete(null)));
    }

    private static Optional<CompletableFuture<?>> end(Channel channel) {
        return Optional.ofNullable(channel.pipeline().get(Frames.class))
                .map(frames -> frames.socket().closeAsync(CloseReason.GOING_AWAY, "server shuts down"));
    }

    /** Closes as {@link #closeAsync} does and waits for the end, except on an event loop. */
    @Override
    public void close() {
        CompletableFuture<Void> end = closeAsync();
        if (!loops.inEventLoop()) {
            Blocking.awaitClose(end);
        }
    }

    @Override
    public String toString() {
        return "WebSocketServer[" + listening.localAddress() + ", " + sockets.size() + " connections]";
    }

    /**
     * Counters and gauges of a server.
     *
     * @param connections open now
     * @param accepted opening handshakes completed
     * @param refused connections that got another answer, or none in time, or spoke no TLS; a resource is no refusal
     * @param messagesIn messages received
     * @param messagesOut messages handed to the kernel
     * @param bytesIn payload bytes of {@code messagesIn}
     * @param bytesOut payload bytes of {@code messagesOut}, before compression
     * @param queuedBytes bytes that wait to be sent now, all connections together
     * @param rejectedMessages messages that did not fit into a queue
     * @param closedSlow connections closed because the peer took too little
     * @param closedDead connections closed because the peer was silent
     */
    public record Stats(
            int connections,
            long accepted,
            long refused,
            long messagesIn,
            long messagesOut,
            long bytesIn,
            long bytesOut,
            long queuedBytes,
            long rejectedMessages,
            long closedSlow,
            long closedDead) {}

    /** Choices for a server. Used once; not for many threads. */
    public static final class Builder extends SocketOptions<Builder> {
        private static final Pattern HEADER = Pattern.compile("[\\x20-\\x7e]+");
        private static final int MAX_RESOURCE_BYTES = 1 << 20;
        private static final int MAX_ASKING_THREADS = 200;
        private static final int MAX_UNASKED = 1000;

        private final WebSocketListener listener;
        private final Set<String> origins = new HashSet<>();
        private final Set<String> hosts = new HashSet<>();
        private final Map<String, Resources.Resource> resources = new HashMap<>();
        private String host = "127.0.0.1";
        private int port;
        private String path = "/";
        private int maxConnections = 10_000;
        private @Nullable UpgradeHandler upgradeHandler;

        private Builder(WebSocketListener listener) {
            this.listener = listener;
        }

        @Override
        Builder self() {
            return this;
        }

        /** Name or address to listen on. Default 127.0.0.1; {@code 0.0.0.0} is every IPv4 address of the machine. */
        public Builder host(String host) {
            this.host = requireNonNull(host, "host");
            return this;
        }

        /** Port to listen on. Default 0, any free one: see {@link WebSocketServer#port()}. */
        public Builder port(int port) {
            Addresses.checkPort(port);
            this.port = port;
            return this;
        }

        /**
         * Path that clients have to ask for, a query not counted. Default {@code /}; others get status 404.
         *
         * @throws IllegalArgumentException if it does not begin with a slash, or holds what a path in a URI may not
         */
        public Builder path(String path) {
            Addresses.checkPath(path);
            this.path = path;
            return this;
        }

        /**
         * How many connections there may be. Default 10,000; one more gets status 503. Handshakes under way are as many
         * again at most, but 1,000 at least; one more than that closes the one that has been under way longest.
         */
        public Builder maxConnections(int connections) {
            maxConnections = positive("maxConnections", connections);
            return this;
        }

        /**
         * Allows pages of this origin to connect, as {@code https://app.example.com}; repeatable. Without it a page may
         * connect only if it comes from this server. Programs other than browsers send no origin and may always connect.
         */
        public Builder allowOrigin(String origin) {
            origins.add(OriginPolicy.normalize(origin));
            return this;
        }

        /**
         * Asks this handler about each opening handshake whose path, origin and version are in order, before the connection
         * is made. Default none: every such client is let in.
         *
         * <p>The handler runs on the {@link #executor} and may block, as long as {@link #handshakeTimeout} allows. At most as
         * many requests are asked about at a time as there may be handshakes under way; one more gets status 503. On the
         * default executor of a JDK without virtual threads it is 200 at a time, up to 1,000 more wait for their turn, and
         * one more gets status 503. Who leaves while it waits is not asked about.
         */
        public Builder onUpgrade(UpgradeHandler handler) {
            upgradeHandler = requireNonNull(handler, "handler");
            return this;
        }

        /**
         * Answers {@code GET} and {@code HEAD} of this path with these bytes, a query not counted; repeatable. For the few
         * files of a page that talks to this server: they stay in memory, are never cached, and each answer ends its
         * connection. A page may load scripts and styles from this server and connect to it, and nothing else.
         *
         * <p>A server with resources answers requests for {@code localhost}, for an address, for the {@link #host} it
         * was given, or for a name of {@link #allowHost}, and refuses every other name in {@code Host} with status 403,
         * handshakes included. Otherwise a foreign page could read what is here after its name was made to resolve to this
         * server. Everybody else may see it: the handler of {@link #onUpgrade} is not asked.
         *
         * @param contentType as {@code text/html; charset=utf-8}
         * @param bytes at most 1 MiB; copied
         * @throws IllegalArgumentException if the path is one that {@link #path} refuses or has a resource, the type is no
         *     header, or there are too many bytes
         */
        public Builder resource(String path, String contentType, byte[] bytes) {
            if (bytes.length > MAX_RESOURCE_BYTES) {
                throw new IllegalArgumentException(
                        "a resource has at most " + MAX_RESOURCE_BYTES + " bytes, had " + bytes.length + ": " + path);
            }
            return add(path, Resources.Resource.of(checkedType(contentType), bytes.clone()));
        }

        /**
         * As {@link #resource(String, String, byte[])}, with content that is made anew for each request, as that of a page
         * that shows how things are. Who may see it is for the handler of {@link #onUpgrade} to say, if there is one.
         *
         * @param content gives at most 16 MiB; runs on the {@link #executor}, for several requests at the same time, and may
         *     block as long as {@link #handshakeTimeout} allows. If it fails, that is logged as a warning, and the client
         *     gets status 500.
         * @throws IllegalArgumentException if the path is one that {@link #path} refuses or has a resource, or the type is no
         *     header
         */
        public Builder resource(String path, String contentType, Supplier<byte[]> content) {
            return add(path, Resources.Resource.madeBy(checkedType(contentType), requireNonNull(content, "content")));
        }

        private Builder add(String path, Resources.Resource resource) {
            Addresses.checkPath(path);
            if (resources.putIfAbsent(path, resource) != null) {
                throw new IllegalArgumentException("there is a resource already at " + path + "; choose another path");
            }
            return this;
        }

        private static String checkedType(String contentType) {
            if (!HEADER.matcher(contentType).matches()) {
                throw new IllegalArgumentException("contentType must be printable ASCII, was '" + contentType + "'");
            }
            return contentType;
        }

        /**
         * Answers requests for this name as well, where there are resources; repeatable. For a server behind a proxy, or with
         * a name of its own: one that nobody else can make resolve to it. On loopback a page that came under the name needs
         * {@link #allowOrigin} to connect.
         *
         * @param name without a port, as {@code box.example}
         * @throws IllegalArgumentException if it is no name of a host
         */
        public Builder allowHost(String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.isEmpty() || !lower.equals(Resources.nameOf(lower))) {
                throw new IllegalArgumentException("name must be that of a host, without a port, was '" + name + "'");
            }
            hosts.add(lower);
            return this;
        }

        /**
         * Begins to listen.
         *
         * @throws BindException if the address cannot be listened on
         * @throws IllegalStateException if the event loops given are not of the kind the transport needs, the context of
         *     {@link #tls} is a client's, or a resource has the path of the WebSocket
         */
        public WebSocketServer start() throws IOException {
            if (resources.containsKey(path)) {
                throw new IllegalStateException(
                        "a resource has the path of the WebSocket, " + path + "; give one of them another path");
            }
            Settings settings = settings();
            SslContext tls = checkedTls(false);
            var endpoint = Endpoint.webSocket(host, port, path);
            Loops loops = loops("mutil-server", Runtime.getRuntime().availableProcessors());
            var counters = new Counters();
            Set<WebSocket> sockets = ConcurrentHashMap.newKeySet();
            var open = new OpenSocket(false, settings, listener, counters, socket -> track(sockets, socket));
            var places = new Places(maxConnections);
            var acceptor = new Acceptor(settings, tls, rules(), inquiry(places), places, counters, open);
            Channel listening = loops.orShutDown(() -> Sockets.listen(endpoint, settings.link(), loops, acceptor));
            String scheme = tls == null ? "ws" : "wss";
            return new WebSocketServer(listening, places, scheme, path, loops, sockets, counters);
        }

        /** Where a thread is dear some have one and others wait; elsewhere whatever runs tasks has its own bounds. */
        private Inquiry inquiry(Places places) {
            return takesThreads()
                    ? new Inquiry(blocking(), upgradeHandler, MAX_ASKING_THREADS, MAX_UNASKED)
                    : new Inquiry(blocking(), upgradeHandler, places.maxWaiting(), 0);
        }

        private UpgradeRules rules() {
            var names = new HashSet<String>(hosts);
            names.add(host.toLowerCase(Locale.ROOT));
            return new UpgradeRules(path, OriginPolicy.of(origins, host), new Resources(resources, names));
        }

        private static void track(Set<WebSocket> sockets, WebSocket socket) {
            sockets.add(socket);
            socket.whenClosed(() -> sockets.remove(socket));
        }
    }
}
