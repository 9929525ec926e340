package io.mutil.server;

import io.mutil.codec.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.time.Duration;

/** The settings that all servers and clients have in common. */
record LinkSettings(
        int outboundQueueBytes,
        Duration unwritableTimeout,
        Duration pingInterval,
        Duration handshakeTimeout,
        Duration drainTimeout,
        Transport transport) {

    void applyTo(ServerBootstrap bootstrap) {
        bootstrap
                .childOption(ChannelOption.ALLOCATOR, transport.allocator())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark());
    }

    void applyTo(Bootstrap bootstrap) {
        bootstrap
                .option(ChannelOption.ALLOCATOR, transport.allocator())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark());
    }

    private WriteBufferWaterMark waterMark() {
        return new WriteBufferWaterMark(outboundQueueBytes / 2, outboundQueueBytes);
    }
}
