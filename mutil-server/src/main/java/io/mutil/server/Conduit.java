package io.mutil.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.CodecException;
import io.netty.handler.ssl.SslCloseCompletionEvent;

/** In front of the link of a connection: counts what comes in, and tells {@link Closing} what the channel tells. */
final class Conduit extends ChannelInboundHandlerAdapter {
    private final Connection connection;
    private final Tally tally;
    private boolean inputEnded;

    Conduit(Connection connection, Tally tally) {
        this.connection = connection;
        this.tally = tally;
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        tally.bytes(((ByteBuf) bytes).readableBytes());
        ctx.fireChannelRead(bytes);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event == SslCloseCompletionEvent.SUCCESS) {
            endInput(ctx);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private void endInput(ChannelHandlerContext ctx) {
        if (!inputEnded) {
            inputEnded = true;
            // the inbox first
            ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            connection.closing().inputEnded();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof CodecException) {
            connection.closing().inputBroken(cause);
        } else {
            connection.closing().broken(new CloseReason(CloseReason.ABNORMAL, "connection failed: " + cause));
        }
    }
}
