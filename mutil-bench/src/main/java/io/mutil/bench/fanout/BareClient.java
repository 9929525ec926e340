package io.mutil.bench.fanout;

import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import org.jspecify.annotations.Nullable;

/** A client of {@link BareProxy}, which subscribes to everything or to one key. */
final class BareClient extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    private static final String ONE_KEY = "{\"subscribe\": [\"";

    private final BareShard shard;
    private @Nullable ChannelHandlerContext raw;

    BareClient(@Nullable BareShard shard) {
        this.shard = requireNonNull(shard);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
        String request = frame.text();
        // what is written there passes no handler
        raw = ctx.pipeline().firstContext();
        if (request.startsWith(ONE_KEY)) {
            shard.add(raw, request.substring(ONE_KEY.length(), request.indexOf('"', ONE_KEY.length())));
        } else {
            shard.add(raw);
        }
        var unused = ctx.writeAndFlush(frame.retain(), ctx.voidPromise());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (raw != null) {
            shard.remove(raw);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        var unused = ctx.close();
    }
}
