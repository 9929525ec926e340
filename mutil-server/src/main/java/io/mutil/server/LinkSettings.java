package io.mutil.server;

import io.mutil.codec.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import java.time.Duration;

/** The settings that all servers and clients have in common. */
record LinkSettings(
        int outboundQueueBytes,
        Duration unwritableTimeout,
        Duration pingInterval,
        Duration handshakeTimeout,
        Duration drainTimeout,
        Transport transport,
        int unsentBytes) {
    /** A read of as much as a busy peer has in flight costs fewer calls and wake-ups than several of Netty's 64 KiB. */
    private static final int LARGEST_READ = 256 << 10;

    private static final int FIRST_READ = 2 << 10;
    private static final int SMALLEST_READ = 64;

    /** Whether the kernel can be told {@link #unsentBytes}, and is to be. */
    private boolean limitsUnsent() {
        return unsentBytes > 0 && transport.name().equals("epoll");
    }

    /** What only TCP sockets have. */
    void applyToTcp(ServerBootstrap bootstrap) {
        bootstrap.childOption(ChannelOption.TCP_NODELAY, true);
        if (limitsUnsent()) {
            bootstrap.childOption(Unsent.BYTES, (long) unsentBytes);
        }
    }

    /** What only TCP sockets have. */
    void applyToTcp(Bootstrap bootstrap) {
        bootstrap.option(ChannelOption.TCP_NODELAY, true);
        if (limitsUnsent()) {
            bootstrap.option(Unsent.BYTES, (long) unsentBytes);
        }
    }

    /** Apart, because its types are there only with the native transport. */
    private static final class Unsent {
        static final ChannelOption<Long> BYTES = EpollChannelOption.TCP_NOTSENT_LOWAT;
    }

    void applyTo(ServerBootstrap bootstrap) {
        bootstrap
                .childOption(ChannelOption.ALLOCATOR, transport.allocator())
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, reads())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark());
    }

    void applyTo(Bootstrap bootstrap) {
        bootstrap
                .option(ChannelOption.ALLOCATOR, transport.allocator())
                .option(ChannelOption.RECVBUF_ALLOCATOR, reads())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark());
    }

    private static RecvByteBufAllocator reads() {
        return new AdaptiveRecvByteBufAllocator(SMALLEST_READ, FIRST_READ, LARGEST_READ);
    }

    private WriteBufferWaterMark waterMark() {
        return new WriteBufferWaterMark(outboundQueueBytes / 2, outboundQueueBytes);
    }
}
