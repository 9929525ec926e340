package io.mutil.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** The consumer behind a decoder: counts frames and bytes, and releases. */
@Sharable
final class FrameCount extends ChannelInboundHandlerAdapter {
    private long count;
    private long bytes;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf frame = (ByteBuf) msg;
        count++;
        bytes += frame.readableBytes();
        frame.release();
    }

    long count() {
        return count;
    }

    void requireCount(long expectedFrames, long expectedBytes) {
        if (count != expectedFrames || bytes != expectedBytes) {
            throw new IllegalStateException(count + " frames of " + bytes + " bytes came out of " + expectedFrames
                    + " of " + expectedBytes + "; the decoder is wrong, its speed means nothing");
        }
    }
}
