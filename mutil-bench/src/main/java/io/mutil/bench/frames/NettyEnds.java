package io.mutil.bench.frames;

import io.mutil.codec.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/**
 * A client and a server of plain Netty on the loopback, one event loop each, on the transport that ours takes: the length
 * field handlers, flush consolidation, and as many bytes outbound as ours queues.
 */
final class NettyEnds {
    private static final int HEADER = 4;
    private static final int MAX_FRAME = 16 << 20;
    private static final WriteBufferWaterMark OUTBOUND = new WriteBufferWaterMark(512 << 10, 1 << 20);
    /** Up to where a program copies rather than waits until a buffer is free again. */
    static final int COPIED_BELOW = 16 << 10;

    private final EventLoopGroup serverLoop;
    private final EventLoopGroup clientLoop;
    private final Channel server;
    private final Channel client;

    NettyEnds(ChannelHandler onServer, ChannelHandler onClient) {
        Transport transport = Transport.best();
        serverLoop = transport.newEventLoopGroup(1, new DefaultThreadFactory("netty server", true));
        clientLoop = transport.newEventLoopGroup(1, new DefaultThreadFactory("netty client", true));
        server = new ServerBootstrap()
                .group(serverLoop)
                .channelFactory(transport.serverSocketChannels())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, OUTBOUND)
                .childHandler(framed(onServer))
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        client = new Bootstrap()
                .group(clientLoop)
                .channelFactory(transport.socketChannels())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, OUTBOUND)
                .handler(framed(onClient))
                .connect(server.localAddress())
                .syncUninterruptibly()
                .channel();
    }

    private static ChannelHandler framed(ChannelHandler handler) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(
                                new FlushConsolidationHandler(256, true),
                                new LengthFieldBasedFrameDecoder(
                                        ByteOrder.LITTLE_ENDIAN, MAX_FRAME, 0, HEADER, 0, HEADER, true),
                                new LengthFieldPrepender(ByteOrder.LITTLE_ENDIAN, HEADER, 0, false),
                                handler);
            }
        };
    }

    boolean isWritable() {
        return client.isWritable();
    }

    /** Writes from the application thread; a frame below the bound is copied, so that its buffer is free again. */
    void write(Frame frame, int copiedBelow) {
        ByteBuf message = frame.length() < copiedBelow
                ? client.alloc().directBuffer(frame.length()).writeBytes(frame.direct())
                : Unpooled.wrappedBuffer(frame.direct());
        var unused = client.writeAndFlush(message, client.voidPromise());
    }

    void close() {
        client.close().syncUninterruptibly();
        server.close().syncUninterruptibly();
        for (EventLoopGroup loop : new EventLoopGroup[] {clientLoop, serverLoop}) {
            loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
