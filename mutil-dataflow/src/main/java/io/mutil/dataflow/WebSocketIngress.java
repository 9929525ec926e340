package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.Codec;
import java.io.IOException;
import java.util.List;

/**
 * An ingress that listens for WebSocket clients. Each message, text or binary, holds one item or an array of items.
 *
 * <p>A message that the codec refuses is answered with {@code {"error": "..."}} and none of its items enters; the
 * connection stays, and nobody else notices. While the first level has no room, the clients whose items wait are not
 * read from. The items of one connection keep their order per key.
 *
 * <pre>{@code
 * Ingress<Long> numbers = WebSocketIngress.listen("127.0.0.1", 2221, JsonCodec.of(Long.class));
 * }</pre>
 *
 * @param <T> items
 */
public final class WebSocketIngress<T> extends Ingress<T> {
    private final Listening listening;
    private final Codec<T> codec;

    private WebSocketIngress(Listening listening, Codec<T> codec) {
        this.listening = listening;
        this.codec = requireNonNull(codec, "codec");
    }

    /**
     * Listens when the topology starts.
     *
     * @param port 0 for any free one, which {@link RunningDataflow#uri} then tells
     */
    public static <T> WebSocketIngress<T> listen(String host, int port, Codec<T> codec) {
        return new WebSocketIngress<>(new Listening(host, port), codec);
    }

    @Override
    public WebSocketIngress<T> named(String name) {
        super.named(name);
        return this;
    }

    /** Changes limits of the server, for example {@code server -> server.maxMessageBytes(1 << 20)}. */
    public WebSocketIngress<T> server(ServerSetup setup) {
        listening.setUp(setup);
        return this;
    }

    @Override
    int senders(FlowLoops loops) {
        return loops.threads();
    }

    @Override
    OpenIngress open(FlowContext context, FlowLoops loops, List<Sender<T>> senders, Stage stage) throws IOException {
        var ingress = new WebSocketIngressServer<>(name(), codec, context, senders, loops, stage);
        ingress.listen(listening, loops);
        return ingress;
    }
}
