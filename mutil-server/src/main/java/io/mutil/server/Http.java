package io.mutil.server;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;

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
        pipeline.addLast(new Holdback());
    }

    static void addClient(ChannelPipeline pipeline) {
        pipeline.addLast(new HttpClientCodec(new HttpDecoderConfig().setMaxHeaderSize(MAX_HEADER_BYTES), false, false));
        pipeline.addLast(new HttpObjectAggregator(MAX_HEADER_BYTES));
        pipeline.addLast(new Holdback());
    }

    /** From now on everything is passed on as it comes, and at once what was held. */
    static void endHoldback(ChannelPipeline pipeline) {
        // gone if what came along with the handshake has ended the channel
        if (pipeline.get(Holdback.class) != null) {
            pipeline.remove(Holdback.class);
        }
    }
}
