package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.Codec;
import java.time.Duration;

/**
 * An egress that listens for WebSocket clients and sends every item to each of them, as one text message per item or, by
 * {@link #batch}, as arrays.
 *
 * <p>An item is encoded once, whatever the number of clients. While nobody is connected, items are discarded and
 * counted. What happens to a client that does not keep up is told by {@link SlowReader}. Messages from clients are
 * ignored.
 *
 * <pre>{@code
 * Egress<Long> even = WebSocketEgress.listen("127.0.0.1", 2223, JsonCodec.of(Long.class))
 *         .batch(1000, Duration.ofMillis(1))
 *         .filter(n -> n % 2 == 0);
 * }</pre>
 *
 * @param <T> items
 */
public final class WebSocketEgress<T> extends Egress<T> {
    private static final int MAX_BATCH = 1 << 20;

    private final Listening listening;
    private final Codec<? super T> codec;
    private int batchItems = Batch.NONE;
    private Duration batchDelay = Duration.ZERO;
    private SlowReader slowReaders = SlowReader.WAIT;

    private WebSocketEgress(Listening listening, Codec<? super T> codec) {
        this.listening = listening;
        this.codec = requireNonNull(codec, "codec");
    }

    /**
     * Listens when the topology starts.
     *
     * @param port 0 for any free one, which {@link RunningDataflow#uri} then tells
     */
    public static <T> WebSocketEgress<T> listen(String host, int port, Codec<? super T> codec) {
        return new WebSocketEgress<>(new Listening(host, port), codec);
    }

    /**
     * Sends arrays of items instead of one message per item.
     *
     * @param maxItems an array is sent when it holds so many, 1 to 2^20
     * @param maxDelay and at the latest so long after its first item came; zero sends what is ready at once
     */
    public WebSocketEgress<T> batch(int maxItems, Duration maxDelay) {
        if (maxItems < 1 || maxItems > MAX_BATCH) {
            throw new IllegalArgumentException("maxItems must be 1 to " + MAX_BATCH + ", was " + maxItems);
        }
        if (maxDelay.isNegative()) {
            throw new IllegalArgumentException("maxDelay must not be negative, was " + maxDelay);
        }
        batchItems = maxItems;
        batchDelay = maxDelay;
        return this;
    }

    /** What happens to a client that does not keep up. Default: {@link SlowReader#WAIT}. */
    public WebSocketEgress<T> slowReaders(SlowReader policy) {
        slowReaders = requireNonNull(policy, "policy");
        return this;
    }

    /** Changes limits of the server, for example {@code server -> server.outboundQueueBytes(1 << 22)}. */
    public WebSocketEgress<T> server(ServerSetup setup) {
        listening.setUp(setup);
        return this;
    }

    @Override
    public WebSocketEgress<T> filter(Filter<? super T> filter) {
        super.filter(filter);
        return this;
    }

    @Override
    public WebSocketEgress<T> named(String name) {
        super.named(name);
        return this;
    }

    @Override
    public WebSocketEgress<T> edge(Edge edge) {
        super.edge(edge);
        return this;
    }

    @Override
    public WebSocketEgress<T> onError(ErrorHandler<? super T> handler) {
        super.onError(handler);
        return this;
    }

    @Override
    Opener<T> opener() {
        return (context, loops, level, stage, failures) -> {
            var loop = loops.group().next();
            var batch = new Batch<T>(codec, batchItems, loops.transport().allocator(), failures);
            var audience = new Audience(slowReaders);
            var task = new BroadcastTask<>(context, loop, level.edge(), stage, batch, batchDelay, audience);
            return new OpenBroadcast<>(task, listening.start(task, loops, loop));
        };
    }
}
