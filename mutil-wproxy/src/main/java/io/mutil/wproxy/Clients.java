package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.mutil.server.CloseReason;
import io.mutil.server.Connection;
import io.mutil.server.UpgradeAnswer;
import io.mutil.server.UpgradeRequest;
import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketListener;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Lets clients in, over WebSockets and framed connections, and makes subscribers of them. */
final class Clients implements WebSocketListener {
    /** RFC 6455 registry: service restart; a client may connect again, after a random wait of 5 to 30 s. */
    private static final int SERVICE_RESTART = 1012;

    /** In bytes; room for thousands of keys. */
    static final int LARGEST_COMMAND = 256 << 10;

    private final Hub hub;
    private final @Nullable Access access;
    private final Commands commands;
    private final Duration maxLife;
    private final DoubleSupplier random;
    private final Map<Executor, Shard> byLoop = new HashMap<>();
    private final Map<WebSocket, Subscriber> bySocket = new ConcurrentHashMap<>();
    private final AtomicInteger nextShard = new AtomicInteger();
    private volatile boolean draining;

    /**
     * @param maxLife how long a connection may last, more or less; zero for ever
     * @param random evenly from zero, inclusive, to one, exclusive
     */
    Clients(Hub hub, @Nullable Access access, Duration maxLife, DoubleSupplier random) {
        this.hub = hub;
        this.access = access;
        this.commands = new Commands(hub);
        this.maxLife = maxLife;
        this.random = random;
        hub.shards().forEach(shard -> byLoop.put(shard.loop(), shard));
    }

    /** Decides about a WebSocket before it is one. May block. */
    UpgradeAnswer admit(UpgradeRequest request) throws Exception {
        if (draining) {
            return UpgradeAnswer.refuse(503, "this proxy shuts down, connect to another");
        }
        return termsFor(request)
                .map(UpgradeAnswer::accept)
                .orElseGet(() -> UpgradeAnswer.refuse(401, "access needs a valid token"));
    }

    /** Decides who sees figures of all clients: who may see all that these get. May block. */
    UpgradeAnswer admitToStatus(UpgradeRequest request) throws Exception {
        Optional<ClientTerms> terms = termsFor(request);
        if (terms.isEmpty()) {
            return UpgradeAnswer.refuse(401, "the status needs a valid token");
        }
        return terms.get().admitsEverything()
                ? UpgradeAnswer.accept(terms.get())
                : UpgradeAnswer.refuse(403, "the status is for those who may have every key");
    }

    private Optional<ClientTerms> termsFor(UpgradeRequest request) throws Exception {
        return access == null ? Optional.of(ClientTerms.unlimited()) : access.check(new ClientRequest(request));
    }

    @Override
    public void onOpen(WebSocket socket) {
        Object terms = socket.attachment().orElseGet(this::termsOfAnybody);
        Shard shard = requireNonNull(byLoop.get(socket.executor()), "a loop of this proxy");
        bySocket.put(socket, add(shard, new SocketLink(socket, hub.allocator()), (ClientTerms) terms));
    }

    /** Whoever was let in without terms has not been asked for any. */
    private ClientTerms termsOfAnybody() {
        if (access != null) {
            throw new IllegalStateException("a client was let in without having been admitted");
        }
        return ClientTerms.unlimited();
    }

    private Subscriber add(Shard shard, Link link, ClientTerms terms) {
        var subscriber = new Subscriber(hub, shard, link, terms);
        shard.add(subscriber);
        if (draining) {
            endService(subscriber);
        } else if (!maxLife.isZero()) {
            // not all at the same time, after all have connected at the same time
            long life = (long) (maxLife.toNanos() * (1 - 0.1 * random.getAsDouble()));
            subscriber.endLater(shard.loop().schedule(() -> endService(subscriber), life, TimeUnit.NANOSECONDS));
        }
        return subscriber;
    }

    private static void endService(Subscriber subscriber) {
        var unused = subscriber.outlet().closeAsync(SERVICE_RESTART, "connect again");
    }

    @Override
    public void onMessage(WebSocket socket, boolean text, ByteBuf payload) {
        Subscriber subscriber = bySocket.get(socket);
        if (subscriber == null) {
            return;
        }
        if (text) {
            commands.run(subscriber, payload.toString(UTF_8));
        } else {
            subscriber.outlet().say(Notices.error("Commands must be text"));
        }
    }

    @Override
    public void onClose(WebSocket socket, CloseReason reason) {
        Subscriber subscriber = bySocket.remove(socket);
        if (subscriber != null) {
            subscriber.shard().remove(subscriber);
        }
    }

    /** Takes over a framed connection. May block. */
    void serve(Connection connection) throws Exception {
        Optional<ClientTerms> terms =
                access == null ? Optional.of(ClientTerms.unlimited()) : access.check(new ClientRequest(connection));
        if (terms.isEmpty()) {
            var unused = connection.closeAsync(CloseReason.POLICY, "access needs a key that is admitted");
            return;
        }
        Shard shard = hub.shards()
                .get(Math.floorMod(nextShard.getAndIncrement(), hub.shards().size()));
        shard.execute(() -> {
            Subscriber subscriber = add(shard, new FramedLink(connection), terms.get());
            readNext(connection, subscriber);
        });
    }

    private void readNext(Connection connection, Subscriber subscriber) {
        var unused = connection
                .readAsync()
                .whenComplete((frame, e) -> subscriber.shard().execute(() -> take(connection, subscriber, frame)));
    }

    private void take(Connection connection, Subscriber subscriber, @Nullable ByteBuffer frame) {
        if (frame == null) {
            end(connection, subscriber, CloseReason.NORMAL, "");
        } else if (frame.remaining() > LARGEST_COMMAND) {
            end(connection, subscriber, CloseReason.TOO_BIG, "commands have at most " + LARGEST_COMMAND + " bytes");
        } else {
            subscriber
                    .outlet()
                    .guard(() -> commands.run(subscriber, UTF_8.decode(frame).toString()));
            readNext(connection, subscriber);
        }
    }

    private static void end(Connection connection, Subscriber subscriber, int code, String reason) {
        var unused = connection.closeAsync(code, reason);
        subscriber.shard().remove(subscriber);
    }

    /** Takes no more clients, and ends the connections of those that are there, spread over a time. */
    CompletableFuture<Void> drainAsync(Duration spread) {
        draining = true;
        var ends = new ArrayList<CompletableFuture<Void>>();
        for (Shard shard : hub.shards()) {
            for (Subscriber subscriber : shard.subscribers()) {
                long wait = (long) (spread.toNanos() * random.getAsDouble());
                Executor later = CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS, shard.loop());
                ends.add(CompletableFuture.runAsync(() -> {}, later)
                        .thenComposeAsync(
                                v -> subscriber.outlet().closeAsync(SERVICE_RESTART, "connect again"), shard.loop()));
            }
        }
        return CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new));
    }
}
