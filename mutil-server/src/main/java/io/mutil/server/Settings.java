package io.mutil.server;

import io.mutil.codec.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.time.Duration;

/** The settings that servers and clients have in common. */
record Settings(
        int maxMessageBytes,
        int outboundQueueBytes,
        Overflow overflow,
        Duration unwritableTimeout,
        Duration pingInterval,
        Duration handshakeTimeout,
        Duration drainTimeout,
        boolean compression,
        Transport transport) {

    /** The longest frame to read. A message that does not get smaller by compression gets a little larger. */
    int maxFrameBytes() {
        return compression ? withSlack() : maxMessageBytes;
    }

    /** Bound of one inflated frame; the exact limit of a message is applied to the result. */
    int maxInflatedBytes() {
        return withSlack();
    }

    private int withSlack() {
        return (int) Math.min(Integer.MAX_VALUE - 8, maxMessageBytes + (maxMessageBytes >> 8) + 1024L);
    }

    void applyTo(ServerBootstrap bootstrap) {
        bootstrap
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, transport.allocator())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark());
    }

    void applyTo(Bootstrap bootstrap) {
        bootstrap
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOCATOR, transport.allocator())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark());
    }

    private WriteBufferWaterMark waterMark() {
        return new WriteBufferWaterMark(outboundQueueBytes / 2, outboundQueueBytes);
    }
}
