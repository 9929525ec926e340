package io.mutil.dataflow;

import static java.lang.System.Logger.Level.DEBUG;
import static java.util.Objects.requireNonNull;

import io.mutil.codec.Codec;
import io.mutil.server.CloseReason;
import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketListener;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The running form of {@link WebSocketIngress}: one lane for each event loop. */
final class OpenSocketIngress<T> implements OpenIngress, NetworkEnd.Level, WebSocketListener {
    private static final System.Logger LOG = System.getLogger(OpenSocketIngress.class.getName());

    private final Codec<T> codec;
    private final Failures<T> failures;
    private final boolean answers;
    private final IdentityHashMap<Executor, IngressLane<T>> lanes = new IdentityHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private @Nullable NetworkEnd network;

    /** @param answers whether a peer is told that its message was refused */
    OpenSocketIngress(Codec<T> codec, Failures<T> failures, List<IngressLane<T>> lanes, boolean answers) {
        this.codec = codec;
        this.failures = failures;
        this.answers = answers;
        lanes.forEach(lane -> this.lanes.put(lane.loop(), lane));
    }

    /** Says what this is the listener of. */
    void over(NetworkEnd network) {
        this.network = network;
    }

    @Override
    public void begin() {
        lanes.values().forEach(IngressLane::begin);
    }

    @Override
    public void stop() {
        network().outages().stop();
        lanes.values().forEach(IngressLane::stop);
    }

    @Override
    public long failures() {
        return failures.count();
    }

    @Override
    public int connections() {
        return connections.get();
    }

    @Override
    public NetworkEnd network() {
        return requireNonNull(network);
    }

    @Override
    public void onOpen(WebSocket socket) {
        connections.incrementAndGet();
        if (!lane(socket).open(socket, new SocketOrigin(socket, answers))) {
            var unused = socket.closeAsync(CloseReason.GOING_AWAY, "closing");
        }
    }

    @Override
    public void onMessage(WebSocket socket, boolean text, ByteBuf payload) {
        List<T> items;
        try {
            items = codec.decodeAll(payload);
        } catch (IOException e) {
            refuse(socket, String.valueOf(e.getMessage()), e);
            return;
        } catch (RuntimeException e) {
            refuse(socket, "the message could not be decoded", e);
            return;
        }
        lane(socket).accept(socket, items);
    }

    private void refuse(WebSocket socket, String reply, Exception reason) {
        if (answers) {
            failures.increment();
            LOG.log(DEBUG, () -> "malformed message from " + socket.remoteAddress(), reason);
            ErrorReply.send(socket, reply);
        } else {
            failures.addMalformed(String.valueOf(socket.remoteAddress()), reason);
        }
    }

    @Override
    public void onClose(WebSocket socket, CloseReason reason) {
        connections.decrementAndGet();
        IngressLane<T> lane = lane(socket);
        lane.close(socket);
        if (socket.isTruncated() && !lane.isStopped()) {
            failures.addBroken(String.valueOf(socket.remoteAddress()), "broke inside a message");
        }
    }

    private IngressLane<T> lane(WebSocket socket) {
        return requireNonNull(lanes.get(socket.executor()), "lane");
    }
}
