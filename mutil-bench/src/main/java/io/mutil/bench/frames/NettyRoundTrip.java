package io.mutil.bench.frames;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;

/** {@link NettyEnds} whose server writes back from its event loop. */
final class NettyRoundTrip implements RoundTrip {
    private final Replies replies;
    private final NettyEnds ends;

    NettyRoundTrip(Receipt receipt) {
        replies = new Replies(receipt);
        ends = new NettyEnds(new Echo(), new Client(replies));
    }

    @Override
    public void send(Frame frame) {
        ends.write(frame, NettyEnds.COPIED_BELOW);
    }

    @Override
    public void awaitReply() throws InterruptedException {
        replies.await();
    }

    @Override
    public void close() {
        ends.close();
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            var unused = ctx.writeAndFlush(frame, ctx.voidPromise());
        }
    }

    private static final class Client extends SimpleChannelInboundHandler<ByteBuf> {
        private final Replies replies;

        Client(Replies replies) {
            this.replies = replies;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
            replies.accept(frame);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            replies.fail(cause);
        }
    }
}
