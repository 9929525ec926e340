package io.mutil.server;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;

/** The handlers that an opening handshake of RFC 6455 comes through. */
final class Http {
    private static final int MAX_HEADER_BYTES = 8192;
    private static final int MAX_LINE_BYTES = 4096;

    private Http() {}

    static void addServer(ChannelPipeline pipeline) {
        // two handlers: the combined one would not decode a frame that comes along with the handshake
        pipeline.addLast(new HttpRequestDecoder(
                new HttpDecoderConfig().setMaxInitialLineLength(MAX_LINE_BYTES).setMaxHeaderSize(MAX_HEADER_BYTES)));
        pipeline.addLast(new HttpResponseEncoder());
        addFlowControl(pipeline);
    }

    static void addClient(ChannelPipeline pipeline) {
        pipeline.addLast(new HttpClientCodec(new HttpDecoderConfig().setMaxHeaderSize(MAX_HEADER_BYTES), false, false));
        pipeline.addLast(new HttpObjectAggregator(MAX_HEADER_BYTES));
        addFlowControl(pipeline);
    }

    /** Holds what the last read brought back while the channel is not read from. */
    private static void addFlowControl(ChannelPipeline pipeline) {
        pipeline.addLast(new FlowControlHandler());
    }

    /** From now on everything is passed on as it comes, and at once what was held. */
    static void endFlowControl(ChannelPipeline pipeline) {
        // gone if what came along with the handshake has ended the channel
        if (pipeline.get(FlowControlHandler.class) != null) {
            pipeline.remove(FlowControlHandler.class);
        }
    }
}
