package io.mutil.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;

/** A channel whose peer takes as many bytes as the test says. */
final class StuckChannel extends EmbeddedChannel {
    private long window;

    void take(int bytes) {
        window += bytes;
        unsafe().flush();
        flush();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer buffer) {
        while (window > 0 && buffer.current() instanceof ByteBuf next) {
            long taken = Math.min(window, next.readableBytes());
            window -= taken;
            buffer.removeBytes(taken);
        }
    }
}
