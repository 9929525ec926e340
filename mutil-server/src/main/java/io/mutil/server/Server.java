package io.mutil.server;

import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import java.io.IOException;
import java.net.BindException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Listens for authenticated connections on a TCP port, a Unix socket or a path of a WebSocket server.
 *
 * <p>Whoever connects has to prove a key before anything else of it is read, and gets a proof in return. Bound to loopback
 * unless told otherwise, and safe on an open port: frames, queues, connections and every wait are limited. Frames are not
 * encrypted unless {@link Builder#tls} is given.
 *
 * <p>Safe for many threads.
 *
 * <pre>{@code
 * try (Server server = Server.builder(keys).onConnection(this::serve).start();
 *         Connection connection = Client.connect(server.endpoint(), keys)) {
 *     connection.write(request);
 *     ByteBuffer reply = connection.read();
 * }
 * }</pre>
 */
public final class Server implements AutoCloseable {
    private final Channel listening;
    private final Endpoint endpoint;
    private final Authentication authentication;
    private final Places places;
    private final Loops loops;
    private final Roster roster;
    private final Counters counters;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private Server(
            Channel listening,
            Endpoint endpoint,
            Authentication authentication,
            Places places,
            Loops loops,
            Roster roster,
            Counters counters) {
        this.listening = listening;
        this.endpoint = endpoint;
        this.authentication = authentication;
        this.places = places;
        this.loops = loops;
        this.roster = roster;
        this.counters = counters;
    }

    /** Begins the configuration of a server that accepts each of these keys. */
    public static Builder builder(Keys keys) {
        return new Builder(keys);
    }

    /** Where a client on this machine connects to: what was asked for, with the port that was got. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Accepts these keys, and no others, from whoever connects from now on. Connections that are open stay, and so do the
     * keys they were made with: close those when no handshake with them is under way any more.
     */
    public void replaceKeys(Keys keys) {
        authentication.replaceKeys(requireNonNull(keys, "keys"));
    }

    /** The connections that are open now; a copy. */
    public Collection<Connection> connections() {
        return roster.open();
    }

    /** What has happened so far. */
    public Stats stats() {
        Roster.Sums sums = roster.sums();
        return new Stats(
                sums.connections(),
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
     * Stops listening, closes every connection with {@link CloseReason#GOING_AWAY} after what is queued for it, and ends
     * the threads. A peer that does not end its half is cut off after the drain time-out.
     *
     * @return completes when everything has ended
     */
    public CompletableFuture<Void> closeAsync() {
        if (closing.compareAndSet(false, true)) {
            listening.close().addListener(f -> {
                var unused =
                        places.close(Server::end).whenComplete((v, e) -> loops.shutDown(() -> closed.complete(null)));
            });
        }
        return closed.copy();
    }

    private static Optional<CompletableFuture<?>> end(Channel channel) {
        return Optional.ofNullable(channel.pipeline().get(Conduit.class))
                .map(conduit -> conduit.connection().closeAsync(CloseReason.GOING_AWAY, "server shuts down"));
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
        return "Server[" + endpoint + ", " + roster.sums().connections() + " connections]";
    }

    /**
     * Counters and gauges of a server, over all its connections, the ended ones too.
     *
     * @param connections open now
     * @param accepted connections that were authenticated
     * @param refused connections that were not, for whatever reason
     * @param framesIn frames given to readers
     * @param framesOut frames handed to the kernel, signs of life included
     * @param bytesIn bytes of frames that arrived, with headers
     * @param bytesOut bytes of frames handed to the kernel, with headers
     * @param unreadBytes bytes that have arrived and wait for a reader now
     * @param queuedBytes bytes that wait to be sent now
     * @param closedSlow connections closed because the peer took too little
     * @param closedDead connections closed because the peer was silent
     */
    public record Stats(
            int connections,
            long accepted,
            long refused,
            long framesIn,
            long framesOut,
            long bytesIn,
            long bytesOut,
            long unreadBytes,
            long queuedBytes,
            long closedSlow,
            long closedDead) {}

    /** Choices for a server. Used once; not for many threads. */
    public static final class Builder extends ConnectionOptions<Builder> {
        private final Set<String> origins = new HashSet<>();
        private Endpoint endpoint = Endpoint.tcp(0);
        private @Nullable ConnectionHandler handler;
        private int maxConnections = 10_000;
        private int failedAttempts = 30;
        private boolean ownerOnly;
        private @Nullable Predicate<? super PeerCredentials> peer;

        private Builder(Keys keys) {
            super(keys);
        }

        @Override
        Builder self() {
            return this;
        }

        /** Where to listen. Default a free TCP port of loopback: see {@link Server#endpoint()}. */
        public Builder listen(Endpoint endpoint) {
            this.endpoint = requireNonNull(endpoint, "endpoint");
            return this;
        }

        /** What to do with each connection. Required. */
        public Builder onConnection(ConnectionHandler handler) {
            this.handler = requireNonNull(handler, "handler");
            return this;
        }

        /**
         * How many connections there may be. Default 10,000; one more is closed at once, after status 503 if it is a
         * WebSocket. Handshakes under way are as many again at most, but 1,000 at least; one more than that closes the
         * one that has been under way longest, so that strangers who say nothing do not keep others out.
         */
        public Builder maxConnections(int connections) {
            maxConnections = positive("maxConnections", connections);
            return this;
        }

        /**
         * How many handshakes of one address may fail in any minute before the address is refused. Default 30, at most
         * 1,000; 0 is no limit. An IPv6 address counts with its whole /64; Unix sockets are not limited.
         */
        public Builder failedAttempts(int perMinute) {
            if (perMinute < 0 || perMinute > AttemptLimiter.MAX_ATTEMPTS) {
                throw new IllegalArgumentException("failedAttempts must be from 0, no limit, to "
                        + AttemptLimiter.MAX_ATTEMPTS + ", was " + perMinute);
            }
            failedAttempts = perMinute;
            return this;
        }

        /**
         * Lets only processes of the same user, and root, connect to a Unix socket: the permissions of its file become
         * {@code rw-------} right after it was made. By default they are what the umask of this process leaves, and
         * everybody who may write to the file can try to prove a key.
         */
        public Builder ownerOnly() {
            ownerOnly = true;
            return this;
        }

        /**
         * Refuses processes on a Unix socket that do not pass, as {@code peer -> peer.uid() == 1000}. Called on an event
         * loop, so it must not block. Needs a native transport, because NIO does not tell who is there.
         */
        public Builder requirePeer(Predicate<? super PeerCredentials> condition) {
            peer = requireNonNull(condition, "condition");
            return this;
        }

        /**
         * Allows pages of this origin to connect to a WebSocket, as {@code https://app.example.com}; repeatable. Without
         * it a page may connect only if it comes from this server. Programs other than browsers send no origin and may
         * always connect.
         */
        public Builder allowOrigin(String origin) {
            origins.add(OriginPolicy.normalize(origin));
            return this;
        }

        /**
         * Begins to listen. The file that a killed program has left of its Unix socket is removed first, if nobody
         * answers there.
         *
         * @throws BindException if the endpoint cannot be listened on
         * @throws IllegalStateException if no handler was given, if choices contradict each other, if the event loops
         *     given are not of the kind the transport needs, or if the handshake needs Bouncy Castle and it is not there
         */
        public Server start() throws IOException {
            ConnectionHandler serve = handler;
            if (serve == null) {
                throw new IllegalStateException("no handler was given; call onConnection first");
            }
            checkUnixOptions();
            ConnectionSettings settings = settings(endpoint, false);
            var counters = new Counters();
            var roster = new Roster();
            var places = new Places(maxConnections);
            var acceptor = new FrameAcceptor(
                    settings, admission(places), serve, counters, new Wiring(settings, counters, roster));
            Loops loops = loops("mutil-server", Runtime.getRuntime().availableProcessors());
            Channel listening = loops.orShutDown(() -> listen(settings, loops, acceptor));
            return new Server(
                    listening,
                    Sockets.reachable(endpoint, listening),
                    settings.authentication(),
                    places,
                    loops,
                    roster,
                    counters);
        }

        private void checkUnixOptions() {
            boolean unix = endpoint instanceof Endpoint.Unix;
            if (!unix && (ownerOnly || peer != null)) {
                throw new IllegalStateException((ownerOnly ? "ownerOnly" : "requirePeer")
                        + " is for Unix sockets, not for " + endpoint + "; listen on Endpoint.unix, or leave it out");
            }
            if (peer != null && !PeerCredentials.isKnownTo(link().transport())) {
                throw new IllegalStateException("requirePeer needs a transport that tells who the peer is, not "
                        + link().transport().name() + "; add Netty's netty-transport-native-epoll or -kqueue");
            }
        }

        private FrameAcceptor.Admission admission(Places places) {
            Endpoint.Web web = endpoint instanceof Endpoint.Web w ? w : null;
            return new FrameAcceptor.Admission(
                    places,
                    new AttemptLimiter(failedAttempts, System::nanoTime),
                    new RefusalLog(System::nanoTime),
                    web == null ? null : web.path(),
                    OriginPolicy.of(origins, web == null ? Addresses.LOOPBACK : web.host()),
                    peer);
        }

        private Channel listen(ConnectionSettings settings, Loops loops, FrameAcceptor acceptor) throws IOException {
            Channel listening = Sockets.listen(endpoint, settings.link(), loops, acceptor);
            if (ownerOnly && endpoint instanceof Endpoint.Unix unix) {
                try {
                    SocketFile.restrictToOwner(unix);
                } catch (IOException e) {
                    listening.close().awaitUninterruptibly();
                    throw e;
                }
            }
            return listening;
        }
    }
}
