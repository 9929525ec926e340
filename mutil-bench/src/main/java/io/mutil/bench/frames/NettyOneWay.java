package io.mutil.bench.frames;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;

/**
 * {@link NettyEnds} with an application thread that stops while the channel is not writable. With copies, the writer's
 * buffer is always free again and the consumer may keep its frames, as it may ours.
 */
final class NettyOneWay implements OneWay {
    private final Receipt receipt;
    private final Gate writable = new Gate();
    private final int copiedBelow;
    private final NettyEnds ends;

    NettyOneWay(Receipt receipt, boolean copies) {
        this.receipt = receipt;
        copiedBelow = copies ? Integer.MAX_VALUE : NettyEnds.COPIED_BELOW;
        ends = new NettyEnds(new Consumer(receipt, copies), new Writability(receipt, writable));
    }

    @Override
    public void send(Frame frame) throws InterruptedException {
        writable.await(ends::isWritable, receipt);
        ends.write(frame, copiedBelow);
    }

    @Override
    public void close() {
        ends.close();
    }

    private static final class Consumer extends SimpleChannelInboundHandler<ByteBuf> {
        private final Receipt receipt;
        private final boolean copies;

        Consumer(Receipt receipt, boolean copies) {
            this.receipt = receipt;
            this.copies = copies;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
            if (copies) {
                receipt.accept(ByteBufUtil.getBytes(frame));
            } else {
                receipt.accept(frame);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            receipt.fail(cause);
        }
    }

    private static final class Writability extends ChannelInboundHandlerAdapter {
        private final Receipt receipt;
        private final Gate writable;

        Writability(Receipt receipt, Gate writable) {
            this.receipt = receipt;
            this.writable = writable;
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (ctx.channel().isWritable()) {
                writable.open();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            receipt.fail(cause);
            writable.open();
        }
    }
}
