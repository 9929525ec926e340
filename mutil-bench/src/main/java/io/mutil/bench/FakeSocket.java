package io.mutil.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/** The end of a pipeline: copies the bytes of each buffer once, as a kernel does, counts them and releases. */
@Sharable
final class FakeSocket extends ChannelOutboundHandlerAdapter {
    private final ByteBuf kernel = Unpooled.directBuffer(128 << 10);
    private long bytes;

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        ByteBuf buffer = (ByteBuf) msg;
        bytes += buffer.readableBytes();
        kernel.clear().writeBytes(buffer);
        buffer.release();
        promise.trySuccess();
    }

    long bytes() {
        return bytes;
    }

    void close() {
        kernel.release();
    }

    void requireBytes(long expected) {
        if (bytes != expected) {
            throw new IllegalStateException(bytes + " bytes came out instead of " + expected
                    + "; the encoder is wrong, its speed means nothing");
        }
    }
}
