package io.mutil.wproxy;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.Transport;
import io.mutil.server.Backoff;
import io.mutil.server.Keys;
import io.mutil.server.Overflow;
import io.mutil.server.Server;
import io.mutil.server.WebSocketServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Lets many clients share one upstream, each with subscriptions of its own; one that is slow harms nobody.
 *
 * <p>Clients send commands, as {@code {"subscribe": ["AAPL", "MSFT"]}}, and get those elements of the upstream's messages that
 * have one of their keys, byte for byte and in order; or after {@code {"subscribe:all": true}} all messages as they are. The
 * upstream is asked for the keys that at least one client wants. Its connection is made again whenever it ends, and asked for
 * all keys again, and no client has to do anything.
 *
 * <p>Bound to loopback unless told otherwise. On an open port memory and every wait stay limited, whatever clients do; but
 * they share {@linkplain Builder#maxSubscriptions subscriptions} and {@linkplain Builder#maxKeys keys}, so that some could use
 * up those of all: there, {@link Builder#access} should say who may come.
 *
 * <p>Safe for many threads.
 *
 * <pre>{@code
 * Upstream feed = Upstream.webSocket(URI.create("ws://127.0.0.1:4442"));
 * try (WProxy proxy = WProxy.builder(feed).listen("127.0.0.1", 6222).start()) {
 *     proxy.await();
 * }
 * }</pre>
 */
public final class WProxy implements AutoCloseable {
    private final Engine engine;
    private final WebSocketServer server;
    private final List<Server> framed;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    WProxy(Engine engine, WebSocketServer server, List<Server> framed) {
        this.engine = engine;
        this.server = server;
        this.framed = framed;
    }

    /** Begins the configuration of a proxy for this upstream. */
    public static Builder builder(Upstream upstream) {
        return new Builder(requireNonNull(upstream, "upstream"));
    }

    /** The port that clients with WebSockets connect to, also if port 0 was asked for. */
    public int port() {
        return server.port();
    }

    /** The address that is listened on for WebSockets. */
    public InetSocketAddress address() {
        return server.address();
    }

    /** Where a client on this machine connects to. */
    public URI uri() {
        return server.uri();
    }

    /** The servers of {@link Builder#framed}, in its order. */
    public List<Server> framedServers() {
        return framed;
    }

    /** What has happened so far. Cheap enough to be called every second, with thousands of clients. */
    public Stats stats() {
        return engine.status().stats();
    }

    /**
     * Takes no more clients, and ends the connections of those that are there with code 1012, each at a random moment
     * within the spread, so that they do not all come back at once; then closes everything.
     *
     * @return completes when everything has ended
     * @throws IllegalArgumentException if the spread is negative or longer than a year
     */
    public CompletableFuture<Void> drainAsync(Duration spread) {
        Builder.checked("spread", spread);
        // whoever closes meanwhile is not waited for
        return CompletableFuture.anyOf(engine.clients().drainAsync(spread), closed)
                .handle((v, e) -> null)
                .thenCompose(v -> closeAsync());
    }

    /**
     * Ends the connection to the upstream, closes every client with code 1001 after what is queued for it, and ends the
     * threads.
     *
     * @return completes when everything has ended
     */
    public CompletableFuture<Void> closeAsync() {
        if (closing.compareAndSet(false, true)) {
            var ends = new ArrayList<CompletableFuture<Void>>();
            ends.add(engine.closeUpstreamAsync());
            ends.add(server.closeAsync());
            framed.forEach(own -> ends.add(own.closeAsync()));
            var unused = CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
                    .handle((v, e) -> null)
                    .thenCompose(v -> engine.shutDownAsync())
                    .thenRun(() -> closed.complete(null));
        }
        return closed.copy();
    }

    /** Closes as {@link #closeAsync} does and waits for the end. Not for a callback of the proxy. */
    @Override
    public void close() {
        try {
            closeAsync().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("closing failed", e.getCause());
        }
    }

    /** Waits until the proxy has been closed. */
    public void await() throws InterruptedException {
        try {
            closed.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("closing failed", e.getCause());
        }
    }

    @Override
    public String toString() {
        return "WProxy[" + server.address() + "]";
    }

    /** Choices for a proxy. Used once; not for many threads. */
    public static final class Builder {
        private static final Duration LONGEST = Duration.ofDays(365);

        /** Room for what is delivered at one go and for answers: what waits longer is the business of the policy for slow clients. */
        private static final int OUTBOUND_QUEUE = 1 << 20;

        private final Upstream upstream;
        private final List<FramedListener> framed = new ArrayList<>();
        private String host = "127.0.0.1";
        private int port;
        private UnaryOperator<WebSocketServer.Builder> serverOptions = server -> server;
        private Transport transport = Transport.best();
        private int threads = Runtime.getRuntime().availableProcessors();
        private KeyExtractor extractor = KeyExtractor.field("sym");
        private @Nullable Access access;
        private SlowPolicy slowPolicy = SlowPolicy.CONFLATE;
        private QueueLimits queueLimits = QueueLimits.DEFAULT;
        private int maxSubscriptions = 10_000;
        private int maxSubscriptionsInAll = 1_000_000;
        private int maxKeys = 100_000;
        private Duration debounce = Duration.ofMillis(20);
        private Duration linger = Duration.ofSeconds(5);
        private int chunk = 500;
        private Backoff backoff = Backoff.DEFAULT;
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration silence = Duration.ZERO;
        private Duration maxLife = Duration.ZERO;
        private boolean snapshots;
        private @Nullable History history;
        private boolean statsCommand;
        private @Nullable String statusPath;
        private @Nullable Path recording;

        private record FramedListener(Keys keys, UnaryOperator<Server.Builder> options) {}

        private Builder(Upstream upstream) {
            this.upstream = upstream;
        }

        /** Where to listen for WebSockets. Default a free port of 127.0.0.1: see {@link WProxy#port}. */
        public Builder listen(String host, int port) {
            this.host = requireNonNull(host, "host");
            this.port = port;
            return this;
        }

        /**
         * Chooses options of the WebSocket server: origins, TLS, number of connections, path, times. Clients may send commands
         * of 256 KiB unless something else is chosen here. Listener, upgrade handler, outbound queue, transport and event loops
         * are the proxy's.
         */
        public Builder server(UnaryOperator<WebSocketServer.Builder> options) {
            UnaryOperator<WebSocketServer.Builder> before = serverOptions;
            serverOptions = server -> options.apply(before.apply(server));
            return this;
        }

        /**
         * Also listens for framed connections that prove one of these keys; repeatable. Each frame is a message or a command. By
         * default on a free TCP port of loopback; the options choose another endpoint and more. Handler, outbound queue,
         * transport and event loops are the proxy's.
         */
        public Builder framed(Keys keys, UnaryOperator<Server.Builder> options) {
            framed.add(new FramedListener(requireNonNull(keys, "keys"), requireNonNull(options, "options")));
            return this;
        }

        /** How bytes reach the operating system. Default {@link Transport#best()}. */
        public Builder transport(Transport transport) {
            this.transport = requireNonNull(transport, "transport");
            return this;
        }

        /** Event loops for clients. Default one for each processor; the upstream has one of its own. */
        public Builder threads(int count) {
            threads = positive("threads", count);
            return this;
        }

        /** How to find the keys of what the upstream sends. Default the field {@code sym}. */
        public Builder keysOf(KeyExtractor extractor) {
            this.extractor = requireNonNull(extractor, "extractor");
            return this;
        }

        /** Who may connect, and with which terms. Default everybody who can, without limits of keys. */
        public Builder access(Access access) {
            this.access = requireNonNull(access, "access");
            return this;
        }

        /** What happens to clients that are too slow. Default {@link SlowPolicy#CONFLATE}. */
        public Builder slowPolicy(SlowPolicy policy) {
            slowPolicy = requireNonNull(policy, "policy");
            return this;
        }

        /** How much may wait for a client until the policy applies. Default {@link QueueLimits#DEFAULT}. */
        public Builder queueLimits(QueueLimits limits) {
            queueLimits = requireNonNull(limits, "limits");
            return this;
        }

        /** How many keys a client may subscribe to, and all together. Default 10,000 and 1,000,000. */
        public Builder maxSubscriptions(int perClient, int inAll) {
            maxSubscriptions = positive("perClient", perClient);
            maxSubscriptionsInAll = positive("inAll", inAll);
            return this;
        }

        /**
         * How many different keys clients may subscribe to, all together and with those that are still in their
         * {@link #linger}. Default 100,000.
         */
        public Builder maxKeys(int keys) {
            maxKeys = positive("maxKeys", keys);
            return this;
        }

        /** How long changes of subscriptions are gathered before the upstream is told. Default 20 ms. */
        public Builder debounce(Duration time) {
            debounce = checked("debounce", time);
            return this;
        }

        /** How long the upstream is still asked for a key that no client wants any more. Default 5 s. */
        public Builder linger(Duration time) {
            linger = checked("linger", time);
            return this;
        }

        /** How many keys the upstream is told of in one call, at most. Default 500. */
        public Builder chunk(int keys) {
            chunk = positive("chunk", keys);
            return this;
        }

        /** Waits between connections to the upstream. Default {@link Backoff#DEFAULT}. */
        public Builder backoff(Backoff backoff) {
            this.backoff = requireNonNull(backoff, "backoff");
            return this;
        }

        /**
         * How long connecting to the upstream may take, with what is said before the stream; with {@link Upstream#failover}
         * each of the upstreams has so long. Default 10 s. A WebSocket upstream has its own limit besides, also 10 s, until
         * the connection is there: {@code client(c -> c.connectTimeout(...))}.
         */
        public Builder connectTimeout(Duration timeout) {
            if (timeout.isZero()) {
                throw new IllegalArgumentException("connectTimeout must be positive, was " + timeout);
            }
            connectTimeout = checked("connectTimeout", timeout);
            return this;
        }

        /**
         * How long the upstream may bring no message, when something has been asked for, before its connection is made anew.
         * Default zero, for ever: that a connection is dead is noticed all the same, but some streams pause of their own
         * accord.
         */
        public Builder silenceTimeout(Duration timeout) {
            silence = checked("silenceTimeout", timeout);
            return this;
        }

        /**
         * After how long a client's connection is ended with code 1012, so that clients spread anew over several proxies; up to
         * a tenth earlier. Default zero, never.
         */
        public Builder maxLife(Duration time) {
            maxLife = checked("maxLife", time);
            return this;
        }

        /** Keeps the last message of each key, and offers clients the command {@code snapshot}. Default off. */
        public Builder snapshots() {
            snapshots = true;
            return this;
        }

        /**
         * Keeps the last messages of all keys together, and offers clients the command {@code since}. Default off.
         *
         * @param messages at most so many
         * @param bytes of payload, at most
         */
        public Builder history(int messages, long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("bytes must be positive, was " + bytes);
            }
            history = new History(positive("messages", messages), bytes);
            return this;
        }

        /** Offers clients the command {@code stats}, which tells them about themselves. Default off. */
        public Builder statsCommand() {
            statsCommand = true;
            return this;
        }

        /**
         * Answers requests for this path with {@link WProxy#stats} as JSON. Default off. It tells addresses of clients: with an
         * {@link #access}, who asks has to be admitted by that, with terms that include everything. A server with a page answers to {@code localhost}, to addresses and
         * to the host that it listens on; clients that connect by another name need
         * {@code server(s -> s.allowHost("feed.example.com"))}.
         */
        public Builder status(String path) {
            statusPath = requireNonNull(path, "path");
            return this;
        }

        /**
         * Records what comes from the upstream to a new file; {@link Upstream#replay} plays it. Default off. What the disk is
         * too slow for is left out, and {@link Stats#notRecorded} counts it; when the disk is full, a warning says so and the
         * recording ends. The proxy waits for neither. After a crash of the program everything up to a moment before it is
         * there.
         *
         * <p>The format is described in {@code docs/recording.md}, and stays readable.
         *
         * @param file a name that is free; {@link #start} fails if it is not
         */
        public Builder record(Path file) {
            recording = requireNonNull(file, "file");
            return this;
        }

        static int positive(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be positive, was " + value);
            }
            return value;
        }

        static Duration checked(String name, Duration value) {
            if (value.isNegative() || value.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(name + " must be from zero to a year, was " + value);
            }
            return value;
        }

        /**
         * Begins to listen and to connect to the upstream. Does not wait for the upstream.
         *
         * @throws IOException if an address cannot be listened on, or the file for {@link #record} not be made
         * @throws IllegalStateException if choices contradict each other
         */
        public WProxy start() throws IOException {
            Recorder recorder = recording == null ? null : Recorder.start(recording);
            try {
                return start(Engine.of(upstream, engineOptions(recorder)));
            } catch (Throwable e) {
                discard(recorder, e);
                throw e;
            }
        }

        private static void discard(@Nullable Recorder recorder, Throwable because) {
            try {
                if (recorder != null) {
                    recorder.discard();
                }
            } catch (IOException e) {
                because.addSuppressed(e);
            }
        }

        private WProxy start(Engine engine) throws IOException {
            var opened = new ArrayList<AutoCloseable>();
            try {
                var servers = new ArrayList<Server>();
                for (FramedListener listener : framed) {
                    servers.add(start(listener, engine));
                    opened.add(servers.get(servers.size() - 1));
                }
                WebSocketServer server = startServer(engine);
                opened.add(server);
                engine.start();
                return new WProxy(engine, server, List.copyOf(servers));
            } catch (Throwable e) {
                closeAll(opened, e);
                engine.shutDownAsync().join();
                throw e;
            }
        }

        private static void closeAll(List<AutoCloseable> opened, Throwable failure) {
            for (AutoCloseable one : opened) {
                try {
                    one.close();
                } catch (Exception e) {
                    failure.addSuppressed(e);
                }
            }
        }

        private Engine.Options engineOptions(@Nullable Recorder recorder) {
            var hub = new Hub.Options(
                    transport.allocator(),
                    Long.toHexString(ThreadLocalRandom.current().nextLong()),
                    slowPolicy,
                    queueLimits,
                    maxSubscriptions,
                    maxSubscriptionsInAll,
                    maxKeys,
                    snapshots,
                    statsCommand);
            return new Engine.Options(
                    transport,
                    threads,
                    extractor,
                    access,
                    hub,
                    history,
                    new Demand.Pace(debounce, linger, chunk),
                    new Feed.Options(backoff, connectTimeout, silence),
                    maxLife,
                    recorder);
        }

        private WebSocketServer startServer(Engine engine) throws IOException {
            WebSocketServer.Builder server = WebSocketServer.builder(engine.clients())
                    .maxMessageBytes(Clients.LARGEST_COMMAND)
                    .host(host)
                    .port(port);
            if (statusPath != null) {
                server.resource(statusPath, "application/json", engine.status()::json);
            }
            WebSocketServer.Builder chosen = serverOptions.apply(server);
            if (access != null) {
                Clients clients = engine.clients();
                chosen.onUpgrade(request ->
                        request.path().equals(statusPath) ? clients.admitToStatus(request) : clients.admit(request));
            }
            return chosen.outboundQueueBytes(OUTBOUND_QUEUE)
                    .overflow(Overflow.REJECT)
                    .transport(transport)
                    .eventLoops(engine.clientLoops())
                    .start();
        }

        private Server start(FramedListener listener, Engine engine) throws IOException {
            return listener.options()
                    .apply(Server.builder(listener.keys()))
                    .onConnection(engine.clients()::serve)
                    .outboundQueueBytes(OUTBOUND_QUEUE)
                    .transport(transport)
                    .eventLoops(engine.clientLoops())
                    .start();
        }
    }
}
