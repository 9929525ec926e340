package io.mutil.dataflow;

import io.mutil.codec.Codec;
import io.mutil.server.Client;
import io.mutil.server.Endpoint;
import io.mutil.server.Server;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.List;

/**
 * An ingress that frames come in through, over authenticated connections: TCP, Unix sockets or WebSocket, from clients or
 * from a server it connects to. Each frame holds one item or, if the codec {@linkplain Codec#isText writes text}, an array
 * of items.
 *
 * <p>A frame that the codec refuses is counted and logged as a warning, without what it holds; none of its items enters,
 * the connection stays, and nobody else notices. A connection that breaks is counted and logged too, wherever: what its
 * peer still had to say is lost. While the first level has no room for the items of a frame, no other is read from that connection, until
 * its peer has to wait too. The items of one connection keep their order per key.
 *
 * <pre>{@code
 * Ingress<Trade> trades = FramedIngress.listen(
 *         Endpoint.tcp(2221), () -> Keys.of(Files.readAllBytes(Path.of("feed.key"))), JsonCodec.of(Trade.class));
 * }</pre>
 *
 * @param <T> items
 */
public final class FramedIngress<T> extends NetworkIngress<T, FramedIngress<T>> {
    private final FramedNetwork network;

    private FramedIngress(FramedNetwork network, Codec<T> codec) {
        super(network.listens(), codec);
        this.network = network;
    }

    @Override
    FramedIngress<T> self() {
        return this;
    }

    /**
     * Listens when the topology starts.
     *
     * @param endpoint with port 0 for any free one; {@link RunningDataflow#uri} then tells it, as
     *     {@code tcp://127.0.0.1:2221}, {@code ws://127.0.0.1:2221/path} or {@code unix:/path}
     * @param keys each of which a client may prove
     */
    public static <T> FramedIngress<T> listen(Endpoint endpoint, KeySource keys, Codec<T> codec) {
        return new FramedIngress<>(new FramedNetwork(endpoint, keys, true), codec);
    }

    /**
     * Begins to connect when the topology starts, which does not wait for it, and connects again whenever the connection has
     * ended, after a wait that grows, unless {@link #supervise} says otherwise.
     *
     * @param keys the first of which is proved
     */
    public static <T> FramedIngress<T> connect(Endpoint endpoint, KeySource keys, Codec<T> codec) {
        return new FramedIngress<>(new FramedNetwork(endpoint, keys, false), codec);
    }

    /**
     * Changes limits of the server, for example {@code server -> server.inboundBufferBytes(1 << 16)}.
     *
     * @throws IllegalStateException if this level connects
     */
    public FramedIngress<T> server(Setup<Server.Builder> setup) {
        network.server().add(setup);
        return this;
    }

    /**
     * Changes limits of the client, for example {@code client -> client.connectTimeout(Duration.ofSeconds(1))}.
     *
     * @throws IllegalStateException if this level listens
     */
    public FramedIngress<T> client(Setup<Client.Builder> setup) {
        network.client().add(setup);
        return this;
    }

    @Override
    OpenIngress open(String name, FlowContext context, FlowLoops loops, List<Sender<T>> senders, Stage stage)
            throws IOException {
        EventLoopGroup group = network.listens() ? loops.group() : loops.group().next();
        var failures = new Failures<T>(name, Failures.logging(name));
        var lanes = IngressLane.open(group, senders, failures, context, stage);
        var ingress = new OpenFramedIngress<>(codec(), failures, lanes);
        ingress.over(network.start(ingress::accept, outages(context, name), loops, group));
        return ingress;
    }

    @Override
    public String toString() {
        return network.toString();
    }
}
