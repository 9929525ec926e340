package io.mutil.server;

import io.mutil.codec.internal.FrameInbox;
import io.mutil.codec.internal.FrameOutbox;
import io.mutil.codec.internal.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.Executor;

/**
 * What file transfers and requests need of a connection.
 *
 * @param framing of what is sent
 * @param maxPayload the longest payload that may be sent
 * @param executor whose threads may block
 * @param closer ends the connection with a reason that the peer is told
 */
record Carrier(
        FrameInbox inbox,
        FrameOutbox outbox,
        Framing framing,
        long maxPayload,
        Channel channel,
        Executor executor,
        Closer closer) {
    /** Ends a connection. */
    @FunctionalInterface
    interface Closer {
        void close(int code, String reason);
    }

    /** Whether frames have kinds. */
    boolean typed() {
        return framing.typed();
    }

    /** Whether bytes of a file may go from the disk to the socket directly: nothing in between has to see them. */
    boolean zeroCopy() {
        ChannelPipeline pipeline = channel.pipeline();
        return pipeline.get(SslHandler.class) == null && pipeline.get(WebSocketFrameEncoder.class) == null;
    }

    /** A buffer that begins with the header of a frame and has room for so much of its payload. */
    ByteBuf header(int kind, long payload, int room) {
        ByteBuf frame = channel.alloc().directBuffer(framing.maxHeaderBytes() + room);
        framing.writeHeader(frame, kind, payload);
        return frame;
    }
}
