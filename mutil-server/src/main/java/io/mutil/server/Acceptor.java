package io.mutil.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import io.netty.handler.flow.FlowControlHandler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the pipeline of each accepted connection, and counts the places. */
@ChannelHandler.Sharable
final class Acceptor extends ChannelInitializer<Channel> {
    static final int MAX_HEADER_BYTES = 8192;
    private static final int MAX_LINE_BYTES = 4096;
    // how many connections beyond the limit may be told so at a time; more are just closed
    private static final int MAX_SURPLUS = 64;

    private final Settings settings;
    private final String path;
    private final OriginPolicy origins;
    private final int maxConnections;
    private final Counters counters;
    private final OpenSocket open;
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private final AtomicInteger places = new AtomicInteger();
    private final AtomicInteger surplus = new AtomicInteger();
    private volatile boolean closed;

    Acceptor(
            Settings settings,
            String path,
            OriginPolicy origins,
            int maxConnections,
            Counters counters,
            OpenSocket open) {
        this.settings = settings;
        this.path = path;
        this.origins = origins;
        this.maxConnections = maxConnections;
        this.counters = counters;
        this.open = open;
    }

    @Override
    protected void initChannel(Channel channel) {
        boolean place = take(places, maxConnections, channel);
        if (!place && !take(surplus, MAX_SURPLUS, channel)) {
            counters.refused.increment();
            var unused = channel.close();
            return;
        }
        channels.add(channel);
        channel.closeFuture().addListener(f -> channels.remove(channel));
        if (closed) {
            var unused = channel.close();
        } else {
            addHandlers(channel, !place);
        }
    }

    private static boolean take(AtomicInteger counter, int limit, Channel channel) {
        if (counter.incrementAndGet() > limit) {
            counter.decrementAndGet();
            return false;
        }
        channel.closeFuture().addListener(f -> counter.decrementAndGet());
        return true;
    }

    private void addHandlers(Channel channel, boolean full) {
        var pipeline = channel.pipeline();
        // two handlers: the combined one would not decode a frame that comes along with the handshake
        pipeline.addLast(new HttpRequestDecoder(
                new HttpDecoderConfig().setMaxInitialLineLength(MAX_LINE_BYTES).setMaxHeaderSize(MAX_HEADER_BYTES)));
        pipeline.addLast(new HttpResponseEncoder());
        // holds the frames of the last read back while the connection is paused
        pipeline.addLast(new FlowControlHandler());
        if (settings.compression()) {
            pipeline.addLast(new WebSocketServerExtensionHandler(
                    new PerMessageDeflateServerExtensionHandshaker(settings.maxInflatedBytes())));
        }
        pipeline.addLast("upgrade", new Upgrade(settings, path, origins, full, counters, open));
    }

    /** Accepts nothing more, and gives what is there. */
    Set<Channel> close() {
        closed = true;
        return channels;
    }
}
