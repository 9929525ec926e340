package io.mutil.server;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns a pipeline whose upgrade is complete into that of an open connection. The same on both sides. */
final class OpenSocket {
    private static final int FLUSH_AFTER = 256;

    private final boolean client;
    private final Settings settings;
    private final WebSocketListener listener;
    private final Counters counters;
    private final Consumer<WebSocket> onCreated;

    /** @param onCreated gets the connection before its listener does */
    OpenSocket(
            boolean client,
            Settings settings,
            WebSocketListener listener,
            Counters counters,
            Consumer<WebSocket> onCreated) {
        this.client = client;
        this.settings = settings;
        this.listener = listener;
        this.counters = counters;
        this.onCreated = onCreated;
    }

    /** Pings a peer that is silent. */
    private record Pings(Runnable onDead) implements HeartBeat.Signs {
        @Override
        public void beat(ChannelHandlerContext ctx, boolean heard, boolean said) {
            if (!heard) {
                var unused = ctx.channel().writeAndFlush(new PingWebSocketFrame());
            }
        }

        @Override
        public void dead() {
            onDead.run();
        }
    }

    /** Without an attachment. */
    WebSocket replace(ChannelPipeline pipeline, ChannelHandler upgrade) {
        return replace(pipeline, upgrade, null);
    }

    /** Replaces the handler of the handshake and calls {@code onOpen}. */
    WebSocket replace(ChannelPipeline pipeline, ChannelHandler upgrade, @Nullable Object attachment) {
        // the peer may end its half while this side is paused, and what it sent before is still to be read
        pipeline.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        var self = new WebSocket[1];
        var consolidation = new FlushConsolidationHandler(FLUSH_AFTER, true);
        var stall = new WriteStall(settings.link().unwritableTimeout(), () -> self[0].dropSlow());
        addBehindTls(pipeline, consolidation);
        addBehindTls(pipeline, stall);
        if (!settings.link().pingInterval().isZero()) {
            pipeline.addFirst(new HeartBeat(settings.link().pingInterval(), new Pings(() -> self[0].dropDead())));
        }
        var socket =
                new WebSocket(pipeline.context(consolidation), client, settings, listener, counters, stall, attachment);
        self[0] = socket;
        pipeline.replace(upgrade, "frames", new Frames(socket, settings.maxMessageBytes()));
        onCreated.accept(socket);
        socket.opened();
        return socket;
    }

    /** As far from the application as frames are not encrypted yet. */
    private static void addBehindTls(ChannelPipeline pipeline, ChannelHandler handler) {
        ChannelHandlerContext tls = pipeline.context(SslHandler.class);
        if (tls == null) {
            pipeline.addFirst(handler);
        } else {
            pipeline.addAfter(tls.name(), null, handler);
        }
    }
}
