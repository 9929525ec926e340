package io.mutil.dataflow;

import io.mutil.codec.Codec;
import io.mutil.server.Client;
import io.mutil.server.Endpoint;
import io.mutil.server.Server;
import io.netty.buffer.ByteBuf;

/**
 * An egress that sends every item to all its peers over authenticated framed connections, TCP, Unix sockets or WebSocket: to
 * the clients that connect to it, or to the server it connects to. Items go as one frame each or, by {@link #batch}, as
 * arrays.
 *
 * <p>An item is encoded once, whatever the number of peers. While nobody is connected, items are discarded and counted; so
 * are frames that a peer accepts no longer, and those that were queued for a connection that broke. What the operating system
 * had taken for it by then may be lost uncounted. What happens to a peer that does not keep up is told by {@link SlowReader}.
 * Frames from peers are ignored.
 *
 * <pre>{@code
 * Egress<Trade> trades = FramedEgress.listen(
 *                 Endpoint.unix(Path.of("trades.sock")), keys, JsonCodec.of(Trade.class))
 *         .server(server -> server.ownerOnly())
 *         .slowReaders(SlowReader.DISCONNECT);
 * }</pre>
 *
 * @param <T> items
 */
public final class FramedEgress<T> extends NetworkEgress<T, FramedEgress<T>> {
    private final FramedNetwork network;

    private FramedEgress(FramedNetwork network, Codec<? super T> codec) {
        super(network.listens(), codec);
        this.network = network;
    }

    @Override
    FramedEgress<T> self() {
        return this;
    }

    /**
     * Listens when the topology starts.
     *
     * @param endpoint with port 0 for any free one; {@link RunningDataflow#uri} then tells it, as
     *     {@code tcp://127.0.0.1:2222}, {@code ws://127.0.0.1:2222/path} or {@code unix:/path}
     * @param keys each of which a client may prove
     */
    public static <T> FramedEgress<T> listen(Endpoint endpoint, KeySource keys, Codec<? super T> codec) {
        return new FramedEgress<>(new FramedNetwork(endpoint, keys, true), codec);
    }

    /**
     * Begins to connect when the topology starts, which does not wait for it, and connects again whenever the connection has
     * ended, after a wait that grows, unless {@link #supervise} says otherwise.
     *
     * @param keys the first of which is proved
     */
    public static <T> FramedEgress<T> connect(Endpoint endpoint, KeySource keys, Codec<? super T> codec) {
        return new FramedEgress<>(new FramedNetwork(endpoint, keys, false), codec);
    }

    /**
     * Changes limits of the server, for example {@code server -> server.outboundQueueBytes(1 << 22)}.
     *
     * @throws IllegalStateException if this level connects
     */
    public FramedEgress<T> server(Setup<Server.Builder> setup) {
        network.server().add(setup);
        return this;
    }

    /**
     * Changes limits of the client, for example {@code client -> client.outboundQueueBytes(1 << 22)}.
     *
     * @throws IllegalStateException if this level listens
     */
    public FramedEgress<T> client(Setup<Client.Builder> setup) {
        network.client().add(setup);
        return this;
    }

    @Override
    Opener<T> opener() {
        return (context, loops, level, stage, failures) -> {
            var loop = loops.group().next();
            Wire<ByteBuf> wire = new FrameWire(loops.transport().allocator());
            var task = new BroadcastTask<>(context, loop, level.edge(), stage, options(), wire, failures);
            var network = this.network.start(
                    connection -> ConnectionMember.join(connection, task, loop), outages(context, level), loops, loop);
            return new OpenBroadcast<>(task, network);
        };
    }

    @Override
    public String toString() {
        return network.toString();
    }
}
