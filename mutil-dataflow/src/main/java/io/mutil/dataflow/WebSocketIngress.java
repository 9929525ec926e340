package io.mutil.dataflow;

import io.mutil.codec.Codec;
import io.mutil.server.WebSocketClient;
import io.mutil.server.WebSocketServer;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/**
 * An ingress that WebSocket messages come in through, from clients or from a server it connects to. Each message, text or
 * binary, holds one item or an array of items.
 *
 * <p>A client's message that the codec refuses is answered with {@code {"error": "..."}}, a server's is logged as a
 * warning without what it holds; none of its items enters, the connection stays, and nobody else notices. A
 * connection that breaks inside a message is counted and logged too. While the first
 * level has no room, the peers whose items wait are not read from. The items of one connection keep their order per key.
 *
 * <pre>{@code
 * Ingress<Long> numbers = WebSocketIngress.listen("127.0.0.1", 2221, JsonCodec.of(Long.class));
 * Ingress<Trade> trades = WebSocketIngress.connect(URI.create("ws://127.0.0.1:6222/"), JsonCodec.of(Trade.class));
 * }</pre>
 *
 * @param <T> items
 */
public final class WebSocketIngress<T> extends NetworkIngress<T, WebSocketIngress<T>> {
    private final SocketNetwork network;

    private WebSocketIngress(SocketNetwork network, Codec<T> codec) {
        super(network.listens(), codec);
        this.network = network;
    }

    @Override
    WebSocketIngress<T> self() {
        return this;
    }

    /**
     * Listens when the topology starts.
     *
     * @param port 0 for any free one, which {@link RunningDataflow#uri} then tells
     */
    public static <T> WebSocketIngress<T> listen(String host, int port, Codec<T> codec) {
        return new WebSocketIngress<>(SocketNetwork.listen(host, port), codec);
    }

    /**
     * Begins to connect when the topology starts, which does not wait for it, and connects again whenever the connection has
     * ended, after a wait that grows, unless {@link #supervise} says otherwise. What the server sends meanwhile is not asked for again.
     *
     * @param uri as {@code ws://host:port/path?query}, or {@code wss} with TLS, which trusts whom the JDK trusts unless
     *     {@link #client} says otherwise
     * @throws IllegalArgumentException if it is not such a URI
     */
    public static <T> WebSocketIngress<T> connect(URI uri, Codec<T> codec) {
        return new WebSocketIngress<>(SocketNetwork.connect(uri), codec);
    }

    /**
     * Changes limits of the server, for example {@code server -> server.maxMessageBytes(1 << 20)}.
     *
     * @throws IllegalStateException if this level connects
     */
    public WebSocketIngress<T> server(Setup<WebSocketServer.Builder> setup) {
        network.server().add(setup);
        return this;
    }

    /**
     * Changes what the client does, for example {@code client -> client.header("Authorization", token)}.
     *
     * @throws IllegalStateException if this level listens
     */
    public WebSocketIngress<T> client(Setup<WebSocketClient.Builder> setup) {
        network.client().add(setup);
        return this;
    }

    @Override
    OpenIngress open(String name, FlowContext context, FlowLoops loops, List<Sender<T>> senders, Stage stage)
            throws IOException {
        EventLoopGroup group = network.listens() ? loops.group() : loops.group().next();
        var failures = new Failures<T>(name, Failures.logging(name));
        var lanes = IngressLane.open(group, senders, failures, context, stage);
        var ingress = new OpenSocketIngress<>(codec(), failures, lanes, network.listens());
        ingress.over(network.start(ingress, outages(context, name), loops, group));
        return ingress;
    }

    @Override
    public String toString() {
        return network.toString();
    }
}
