package io.mutil.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("FutureReturnValueIgnored") // what matters is what comes out at the other end
class TransportTest {
    private static final FrameFormat FORMAT = FrameFormat.littleEndian(4);

    static List<Transport> transports() {
        return Transport.available();
    }

    @Test
    void nioIsAlwaysThereAndLast() {
        List<Transport> available = Transport.available();

        assertThat(available.get(available.size() - 1)).isSameAs(Transport.nio());
        assertThat(Transport.best()).isSameAs(available.get(0));
        assertThat(available).extracting(Transport::name).doesNotHaveDuplicates();
    }

    @Test
    void nativeTransportIsBestWhereItsArtifactIs() {
        boolean linux = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
        boolean x86 = System.getProperty("os.arch").equals("amd64");

        assertThat(Transport.best().name()).isEqualTo(linux && x86 ? "epoll" : "nio");
        assertThat(Transport.nio()).hasToString("Transport[nio]");
    }

    @Test
    void refusesNoThreads() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Transport.nio().newEventLoopGroup(0, Thread::new))
                .withMessage("threads must be positive, was 0");
    }

    @ParameterizedTest
    @MethodSource("transports")
    void framesEchoOverLoopback(Transport transport) throws InterruptedException {
        ByteBufAllocator allocator = new PooledByteBufAllocator(true);
        Transport chosen = transport.withAllocator(allocator);
        assertThat(chosen.name()).isEqualTo(transport.name());
        assertThat(chosen.allocator()).isSameAs(allocator);
        assertThat(transport.allocator()).isSameAs(ByteBufAllocator.DEFAULT);
        BlockingQueue<ByteBuf> replies = new LinkedBlockingQueue<>();
        EventLoopGroup loops = chosen.newEventLoopGroup(1, Thread::new);
        try {
            Channel server = echoServer(chosen, loops);
            Channel client = client(chosen, loops, server, replies);
            assertThat(client.alloc()).isSameAs(allocator);

            for (int length : new int[] {0, 1, 1000, EncodedFrame.COPY_UP_TO, 100_000, 1_000_000}) {
                ByteBuf payload = Unpooled.buffer().writeZero(length).setIndex(0, length);
                for (int i = 0; i < length; i++) {
                    payload.setByte(i, i * 31);
                }
                client.writeAndFlush(payload.retainedDuplicate());
                client.writeAndFlush(FORMAT.encode(allocator, payload.retainedDuplicate()));
                assertReply(replies, payload);
                assertReply(replies, payload);
                payload.release();
            }

            client.close().sync();
            server.close().sync();
        } finally {
            loops.shutdownGracefully(0, 30, TimeUnit.SECONDS).sync();
        }
    }

    private static void assertReply(BlockingQueue<ByteBuf> replies, ByteBuf expected) throws InterruptedException {
        ByteBuf reply = replies.poll(60, TimeUnit.SECONDS);
        assertThat(reply).isEqualTo(expected);
        reply.release();
    }

    private static Channel echoServer(Transport transport, EventLoopGroup loops) throws InterruptedException {
        return new ServerBootstrap()
                .group(loops)
                .channelFactory(transport.serverSocketChannels())
                .childOption(ChannelOption.ALLOCATOR, transport.allocator())
                .childHandler(initializer(new EchoHandler()))
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
    }

    private static final class EchoHandler extends ChannelInboundHandlerAdapter {
        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg, ctx.voidPromise());
        }
    }

    private static ChannelInboundHandlerAdapter collector(BlockingQueue<ByteBuf> replies) {
        return new SimpleChannelInboundHandler<ByteBuf>() {
            @Override
            protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
                replies.add(frame.retain());
            }
        };
    }

    private static ChannelInitializer<Channel> initializer(ChannelInboundHandlerAdapter last) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(FORMAT.newDecoder(), FORMAT.newEncoder(), last);
            }
        };
    }

    private static Channel client(
            Transport transport, EventLoopGroup loops, Channel server, BlockingQueue<ByteBuf> replies)
            throws InterruptedException {
        return new Bootstrap()
                .group(loops)
                .channelFactory(transport.socketChannels())
                .option(ChannelOption.ALLOCATOR, transport.allocator())
                .handler(initializer(collector(replies)))
                .connect(server.localAddress())
                .sync()
                .channel();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void consumerThatReadsPieceByPieceGetsThemAll(Transport transport) throws InterruptedException {
        long length = 8L << 20;
        FrameFormat streaming = FrameFormat.littleEndian(8);
        var done = new CountDownLatch(1);
        var pieces = new PieceByPiece(done);
        EventLoopGroup loops = transport.newEventLoopGroup(1, Thread::new);
        try {
            Channel server = new ServerBootstrap()
                    .group(loops)
                    .channelFactory(transport.serverSocketChannels())
                    .childOption(ChannelOption.AUTO_READ, false)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(streaming.newStreamingDecoder(16), pieces);
                        }
                    })
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .sync()
                    .channel();
            Channel client = new Bootstrap()
                    .group(loops)
                    .channelFactory(transport.socketChannels())
                    .handler(streaming.newEncoder())
                    .connect(server.localAddress())
                    .sync()
                    .channel();

            client.write(new FrameStart(length));
            for (int i = 0; i < 8; i++) {
                client.write(new FrameChunk(Unpooled.directBuffer(1 << 20).writeZero(1 << 20)));
            }
            client.writeAndFlush(new FrameEnd()).sync();

            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(pieces.received).isEqualTo(length);
            client.close().sync();
            server.close().sync();
        } finally {
            loops.shutdownGracefully(0, 30, TimeUnit.SECONDS).sync();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void framesEchoOverUnixSockets(Transport transport, @TempDir Path directory) throws Exception {
        Path file = directory.resolve("echo.sock");
        BlockingQueue<ByteBuf> replies = new LinkedBlockingQueue<>();
        EventLoopGroup loops = transport.newEventLoopGroup(1, Thread::new);
        try {
            Channel server = new ServerBootstrap()
                    .group(loops)
                    .channelFactory(transport.serverDomainChannels())
                    .childHandler(initializer(new EchoHandler()))
                    .bind(transport.domainAddress(file))
                    .sync()
                    .channel();
            Channel client = new Bootstrap()
                    .group(loops)
                    .channelFactory(transport.domainChannels())
                    .handler(initializer(collector(replies)))
                    .connect(transport.domainAddress(file))
                    .sync()
                    .channel();
            assertThat(client).isInstanceOf(DuplexChannel.class);

            client.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));

            assertReply(replies, Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
            client.close().sync();
            server.close().sync();
            assertThat(file).doesNotExist();
        } finally {
            loops.shutdownGracefully(0, 30, TimeUnit.SECONDS).sync();
        }
    }

    /** Asks for the next read only when the pieces of the last one are dealt with. */
    private static final class PieceByPiece extends SimpleChannelInboundHandler<FrameEvent> {
        private final CountDownLatch done;
        private long received;

        PieceByPiece(CountDownLatch done) {
            this.done = done;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.read();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FrameEvent event) {
            if (event instanceof FrameChunk chunk) {
                received += chunk.content().readableBytes();
            } else if (event instanceof FrameEnd) {
                done.countDown();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.read();
        }
    }
}
