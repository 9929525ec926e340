package io.mutil.server;

import io.mutil.codec.internal.ChannelLink;
import io.mutil.codec.internal.FrameInbox;
import io.mutil.codec.internal.FrameOutbox;
import io.mutil.codec.internal.Framing;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Two ends of a TCP connection with frames on it, without a handshake. */
final class CarrierPair implements AutoCloseable {
    private static final int CAPACITY = 1 << 20;

    final Queue<String> closedWith = new ConcurrentLinkedQueue<>();
    final Carrier left;
    final Carrier right;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Framing framing;
    private final long maxPayload;

    CarrierPair(Framing framing, long maxPayload) throws Exception {
        this.framing = framing;
        this.maxPayload = maxPayload;
        var accepted = new CompletableFuture<Carrier>();
        Channel listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.complete(carrier(channel));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        var connected = new CompletableFuture<Carrier>();
        new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connected.complete(carrier(channel));
                    }
                })
                .connect(listening.localAddress())
                .sync();
        left = connected.get(30, TimeUnit.SECONDS);
        right = accepted.get(30, TimeUnit.SECONDS);
        listening.close().sync();
    }

    private Carrier carrier(Channel channel) {
        var link = new ChannelLink(channel);
        var inbox = new FrameInbox(framing, CAPACITY, link);
        var outbox = new FrameOutbox(framing, channel.alloc(), CAPACITY, link);
        link.join(inbox, outbox);
        channel.pipeline().addLast(link);
        return new Carrier(inbox, outbox, framing, maxPayload, channel, executor, (code, reason) -> {
            closedWith.add(code + " " + reason);
            var unused = outbox.drainAsync().whenComplete((v, e) -> {
                var unusedToo = channel.close();
            });
        });
    }

    /** From now on bytes have to pass through a handler that takes no regions of files. */
    void withoutRegions() {
        left.channel().pipeline().addFirst(new NoRegions());
        right.channel().pipeline().addFirst(new NoRegions());
    }

    private static final class NoRegions extends ChannelOutboundHandlerAdapter implements WebSocketFrameEncoder {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            var unused = ctx.write((ByteBuf) message, promise);
        }
    }

    @Override
    public void close() {
        left.channel().close().syncUninterruptibly();
        right.channel().close().syncUninterruptibly();
        left.inbox().close(new java.nio.channels.ClosedChannelException());
        right.inbox().close(new java.nio.channels.ClosedChannelException());
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        executor.shutdown();
    }
}
