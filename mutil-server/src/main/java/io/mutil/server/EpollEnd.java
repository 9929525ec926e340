package io.mutil.server;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * Keeps what the peer sent before it ended its half from being lost while reading is off. First in the pipeline.
 *
 * <p>Netty's epoll transport (4.2.17 and 4.2.18 at least) takes a socket out of its set when it has handled the end of the
 * peer and nobody wants to read, and fails to put it back in: the next read closes the channel with {@code ENOENT}. Such
 * an end shows here as a read that nobody has asked for. From then on everything is read, until the end itself; there is
 * no more of it than the socket's receive buffer holds. Behind the end nothing is read.
 */
final class EpollEnd extends ChannelDuplexHandler {
    private boolean asked;
    private boolean ending;
    private boolean ended;

    /** Where it is needed; before anything is read. */
    static void addTo(ChannelPipeline pipeline, LinkSettings settings) {
        if (settings.transport().name().equals("epoll")) {
            pipeline.addFirst(new EpollEnd());
        }
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        if (!ended) {
            asked = true;
            ctx.read();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ending |= !asked;
        asked = false;
        ctx.fireChannelReadComplete();
        if (ending && !asked && !ended) {
            ctx.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        ended |= event instanceof ChannelInputShutdownEvent;
        ctx.fireUserEventTriggered(event);
    }
}
