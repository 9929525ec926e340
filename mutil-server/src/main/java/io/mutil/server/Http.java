package io.mutil.server;

import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** The handlers that an opening handshake of RFC 6455 comes through. */
final class Http {
    private static final String REST = "rest";
    private static final int MAX_HEADER_BYTES = 8192;
    private static final int MAX_LINE_BYTES = 4096;

    private Http() {}

    static void addServer(ChannelPipeline pipeline) {
        // two handlers: the combined one would not decode a frame that comes along with the handshake
        pipeline.addLast(newRequestDecoder());
        pipeline.addLast(new HttpResponseEncoder());
        pipeline.addLast(new Holdback());
    }

    private static HttpRequestDecoder newRequestDecoder() {
        return new HttpRequestDecoder(
                new HttpDecoderConfig().setMaxInitialLineLength(MAX_LINE_BYTES).setMaxHeaderSize(MAX_HEADER_BYTES));
    }

    /**
     * Reads no more, and keeps what has come behind a request until it is known what it is, with the end of the input
     * behind it.
     */
    static void holdRest(ChannelPipeline pipeline) {
        pipeline.channel().config().setAutoRead(false).setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        pipeline.replace(HttpRequestDecoder.class, REST, new Holdback());
    }

    /** Puts a decoder of requests behind what {@link #holdRest} holds. */
    static void decodeRest(ChannelPipeline pipeline) {
        pipeline.addAfter(REST, null, newRequestDecoder());
    }

    /** Passes what {@link #holdRest} holds to the decoder that is behind it now. */
    static void passRest(ChannelPipeline pipeline) {
        pipeline.remove(REST);
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
