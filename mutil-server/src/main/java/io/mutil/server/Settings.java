package io.mutil.server;

import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;

/** The settings that WebSocket servers and clients have in common. */
record Settings(LinkSettings link, int maxMessageBytes, Overflow overflow, boolean compression) {

    /** The longest frame to read. A message that does not get smaller by compression gets a little larger. */
    int maxFrameBytes() {
        return compression ? withSlack() : maxMessageBytes;
    }

    /** @param masked whether the frames to read are a client's */
    WebSocketFrameDecoder newDecoder(boolean masked) {
        return new MessageDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(masked)
                .allowExtensions(compression)
                .maxFramePayloadLength(maxFrameBytes())
                .closeOnProtocolViolation(false)
                .withUTF8Validator(false)
                .build());
    }

    /** Bound of one inflated frame; the exact limit of a message is applied to the result. */
    int maxInflatedBytes() {
        return withSlack();
    }

    private int withSlack() {
        return (int) Math.min(Integer.MAX_VALUE - 8, maxMessageBytes + (maxMessageBytes >> 8) + 1024L);
    }
}
