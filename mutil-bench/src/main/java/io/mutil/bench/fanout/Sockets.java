package io.mutil.bench.fanout;

import io.mutil.codec.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The event loops of the driver and what connects on them. */
final class Sockets implements AutoCloseable {
    private static final int READ_BYTES = 64 << 10;
    private static final int PROTOCOL_TCP = 6;
    /** Of the protocol; Linux. With it and a small buffer sockets take about 100 KB, otherwise megabytes. */
    private static final IntegerUnixChannelOption MAX_SEGMENT =
            new IntegerUnixChannelOption("TCP_MAXSEG", PROTOCOL_TCP, 2);

    private static final int SMALL_SEGMENT = 536;
    private static final int SMALL_BUFFER = 2048;

    private final Transport transport = Transport.best();
    private final EventLoopGroup group;
    private final List<EventLoop> loops = new ArrayList<>();

    Sockets(int threads) {
        group = transport.newEventLoopGroup(threads, new DefaultThreadFactory("driver", true));
        group.forEach(executor -> loops.add((EventLoop) executor));
    }

    Transport transport() {
        return transport;
    }

    List<EventLoop> loops() {
        return loops;
    }

    /** @param small whether the sockets on both ends should take little */
    ChannelFuture connect(EventLoop loop, InetSocketAddress server, boolean small, ChannelHandler handler) {
        var bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(transport.socketChannels())
                .option(ChannelOption.SO_LINGER, 0)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
                .handler(only(handler));
        if (small) {
            bootstrap.option(ChannelOption.SO_RCVBUF, SMALL_BUFFER);
            if (transport.name().equals("epoll")) {
                bootstrap.option(MAX_SEGMENT, SMALL_SEGMENT);
            }
        }
        return bootstrap.connect(server);
    }

    private static ChannelHandler only(ChannelHandler handler) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(handler);
            }
        };
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
