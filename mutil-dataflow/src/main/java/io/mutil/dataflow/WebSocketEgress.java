package io.mutil.dataflow;

import io.mutil.codec.Codec;
import io.mutil.server.PreparedMessage;
import io.mutil.server.WebSocketClient;
import io.mutil.server.WebSocketServer;
import java.net.URI;

/**
 * An egress that sends every item to all its WebSocket peers: to the clients that connect to it, or to the server it
 * connects to. Items go as one message each or, by {@link #batch}, as arrays; in text messages, or in binary ones if the
 * codec {@linkplain Codec#isText writes no text}.
 *
 * <p>An item is encoded once, whatever the number of peers. While nobody is connected, items are discarded and counted; so
 * are messages that were queued for a connection that broke. What the operating system had taken for it by then may be lost
 * uncounted. What happens to a peer that does not keep up is told by {@link SlowReader}. Messages from peers are ignored.
 *
 * <pre>{@code
 * Egress<Long> even = WebSocketEgress.listen("127.0.0.1", 2223, JsonCodec.of(Long.class))
 *         .batch(1000, Duration.ofMillis(1))
 *         .filter(n -> n % 2 == 0);
 * }</pre>
 *
 * @param <T> items
 */
public final class WebSocketEgress<T> extends NetworkEgress<T, WebSocketEgress<T>> {
    private final SocketNetwork network;

    private WebSocketEgress(SocketNetwork network, Codec<? super T> codec) {
        super(network.listens(), codec);
        this.network = network;
    }

    @Override
    WebSocketEgress<T> self() {
        return this;
    }

    /**
     * Listens when the topology starts.
     *
     * @param port 0 for any free one, which {@link RunningDataflow#uri} then tells
     */
    public static <T> WebSocketEgress<T> listen(String host, int port, Codec<? super T> codec) {
        return new WebSocketEgress<>(SocketNetwork.listen(host, port), codec);
    }

    /**
     * Begins to connect when the topology starts, which does not wait for it, and connects again whenever the connection has
     * ended, after a wait that grows, unless {@link #supervise} says otherwise.
     *
     * @param uri as {@code ws://host:port/path?query}, or {@code wss} with TLS, which trusts whom the JDK trusts unless
     *     {@link #client} says otherwise
     * @throws IllegalArgumentException if it is not such a URI
     */
    public static <T> WebSocketEgress<T> connect(URI uri, Codec<? super T> codec) {
        return new WebSocketEgress<>(SocketNetwork.connect(uri), codec);
    }

    /**
     * Changes limits of the server, for example {@code server -> server.outboundQueueBytes(1 << 22)}.
     *
     * @throws IllegalStateException if this level connects
     */
    public WebSocketEgress<T> server(Setup<WebSocketServer.Builder> setup) {
        network.server().add(setup);
        return this;
    }

    /**
     * Changes what the client does, for example {@code client -> client.header("Authorization", token)}.
     *
     * @throws IllegalStateException if this level listens
     */
    public WebSocketEgress<T> client(Setup<WebSocketClient.Builder> setup) {
        network.client().add(setup);
        return this;
    }

    @Override
    Opener<T> opener() {
        return (context, loops, level, stage, failures) -> {
            var loop = loops.group().next();
            Wire<PreparedMessage> wire = new SocketWire(
                    loops.transport().allocator(), options().codec().isText());
            var task = new BroadcastTask<>(context, loop, level.edge(), stage, options(), wire, failures);
            return new OpenBroadcast<>(
                    task, network.start(new SocketMembers(task), outages(context, level), loops, loop));
        };
    }

    @Override
    public String toString() {
        return network.toString();
    }
}
