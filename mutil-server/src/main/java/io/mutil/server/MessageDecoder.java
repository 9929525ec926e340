package io.mutil.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.List;

/** Netty's decoder, which also knows whether it has a part of a frame. */
final class MessageDecoder extends WebSocket13FrameDecoder {
    private boolean insideFrame;

    MessageDecoder(WebSocketDecoderConfig config) {
        super(config);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        int before = out.size();
        super.decode(ctx, in, out);
        insideFrame = out.size() == before;
    }

    /** Whether the beginning of a frame has arrived and its end has not. */
    boolean isInsideFrame() {
        return insideFrame;
    }
}
