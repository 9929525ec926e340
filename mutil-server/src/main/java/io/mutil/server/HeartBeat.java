package io.mutil.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends pings on a connection that brings no bytes, and finds it dead after two without any answer.
 *
 * <p>First in the pipeline, so that any byte counts as life, whatever it belongs to. While reading is off no byte can
 * arrive: that time counts as life as well.
 */
final class HeartBeat extends ChannelInboundHandlerAdapter {
    private static final int MAX_UNANSWERED = 2;

    private final Duration interval;
    private final Runnable onDead;
    private boolean alive;
    private int unanswered;
    private @Nullable Future<?> next;

    HeartBeat(Duration interval, Runnable onDead) {
        this.interval = interval;
        this.onDead = onDead;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        schedule(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        alive = true;
        ctx.fireChannelRead(bytes);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (next != null) {
            next.cancel(false);
        }
    }

    private void schedule(ChannelHandlerContext ctx) {
        next = ctx.executor().schedule(() -> beat(ctx), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void beat(ChannelHandlerContext ctx) {
        if (alive || !ctx.channel().config().isAutoRead()) {
            alive = false;
            unanswered = 0;
        } else if (unanswered == MAX_UNANSWERED) {
            onDead.run();
            return;
        } else {
            unanswered++;
            var unused = ctx.channel().writeAndFlush(new PingWebSocketFrame());
        }
        schedule(ctx);
    }
}
