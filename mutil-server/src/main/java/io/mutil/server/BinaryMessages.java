package io.mutil.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Between the frames of a WebSocket and a stream of bytes: what is written leaves in binary messages, and a close frame is
 * the end of a half.
 */
final class BinaryMessages extends ChannelDuplexHandler implements Tail {
    // what any peer takes as one message
    private static final int MAX_MESSAGE = 64 << 10;

    private final ChannelHandlerContext[] self = new ChannelHandlerContext[1];
    private final Pongs pongs = new Pongs();
    private boolean closeSent;
    private @Nullable CloseReason received;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        self[0] = ctx;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        pongs.drop();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf && received == null) {
            ctx.fireChannelRead(message);
            return;
        }
        try {
            if (message instanceof PingWebSocketFrame ping && !closeSent) {
                pongs.answer(ctx, ping.content().retain());
            } else if (message instanceof CloseWebSocketFrame close && received == null) {
                received = reason(close);
                ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private static CloseReason reason(CloseWebSocketFrame close) {
        int code = close.statusCode();
        return CloseReason.isSendable(code)
                ? new CloseReason(code, close.reasonText())
                : new CloseReason(CloseReason.NO_CODE, "");
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            writeMessages(ctx, bytes, promise);
        } else if (message instanceof WebSocketFrame) {
            var unused = ctx.write(message, promise);
        } else {
            ReferenceCountUtil.release(message);
            promise.setFailure(new UnsupportedOperationException(
                    "a WebSocket carries bytes, not " + message.getClass().getSimpleName()));
        }
    }

    private static void writeMessages(ChannelHandlerContext ctx, ByteBuf bytes, ChannelPromise promise) {
        while (bytes.readableBytes() > MAX_MESSAGE) {
            var unused = ctx.write(new BinaryWebSocketFrame(bytes.readRetainedSlice(MAX_MESSAGE)));
        }
        var unused = ctx.write(new BinaryWebSocketFrame(bytes), promise);
    }

    @Override
    public ChannelFuture end(CloseReason reason) {
        closeSent = true;
        pongs.drop();
        return self[0].writeAndFlush(
                CloseReason.isSendable(reason.code())
                        ? new CloseWebSocketFrame(
                                reason.code(),
                                CloseReason.toSend(reason.code(), reason.reason())
                                        .reason())
                        : new CloseWebSocketFrame());
    }

    @Override
    public @Nullable CloseReason received() {
        return received;
    }
}
