package io.mutil.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import org.jspecify.annotations.Nullable;

/**
 * Answers pings. While an answer waits to leave, only the newest ping is kept, as RFC 6455, section 5.5.3, allows: a peer
 * that pings and never reads cannot make us hoard answers.
 */
final class Pongs {
    private boolean underway;
    private @Nullable ByteBuf next;

    /** Answers a ping, and takes over the reference to its payload. */
    void answer(ChannelHandlerContext ctx, ByteBuf payload) {
        if (underway) {
            drop();
            next = payload;
            return;
        }
        underway = true;
        ctx.writeAndFlush(new PongWebSocketFrame(payload)).addListener(f -> {
            underway = false;
            ByteBuf waiting = next;
            next = null;
            if (waiting != null) {
                answer(ctx, waiting);
            }
        });
    }

    /** Drops the answer that waits. */
    void drop() {
        if (next != null) {
            next.release();
            next = null;
        }
    }
}
