package io.mutil.server;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;

/**
 * Holds what the last read brought back while the channel is not read from, and the end of the input behind it. Passes on
 * what it holds when it is removed.
 *
 * <p>Netty's {@code FlowControlHandler} lets the end overtake what it holds, and drops that when the channel closes.
 */
final class Holdback extends ChannelDuplexHandler {
    private final ArrayDeque<Object> held = new ArrayDeque<>();
    private boolean passing;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        held.add(message);
        passWhileRead(ctx);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event == SslCloseCompletionEvent.SUCCESS) {
            held.add(event);
            passWhileRead(ctx);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        passWhileRead(ctx);
        ctx.read();
    }

    private void passWhileRead(ChannelHandlerContext ctx) {
        // what is passed on may switch reading off, or on again
        if (!passing) {
            passing = true;
            while (!held.isEmpty() && ctx.channel().config().isAutoRead()) {
                pass(ctx);
            }
            passing = false;
        }
    }

    private void pass(ChannelHandlerContext ctx) {
        Object next = held.remove();
        if (next instanceof ChannelInputShutdownEvent || next == SslCloseCompletionEvent.SUCCESS) {
            ctx.fireUserEventTriggered(next);
        } else {
            ctx.fireChannelRead(next);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        drop();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            while (!held.isEmpty()) {
                pass(ctx);
            }
        }
        drop();
    }

    private void drop() {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
    }
}
