package io.mutil.bench.fanout;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;

/** The upstream that a proxy connects to. It ignores what the proxy asks for: it sends all keys. Used by one thread. */
final class UpstreamServer implements Inlet {
    private static final int SECONDS_TO_CONNECT = 30;
    private static final int MAX_HTTP = 8 << 10;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(128 << 10, 256 << 10);

    private static final WebSocketServerProtocolConfig WITHOUT_GOODBYE =
            WebSocketServerProtocolConfig.newBuilder().sendCloseFrame(null).build();

    private final Sockets sockets;
    /** At most a few, since a proxy has one connection at a time. */
    private final BlockingDeque<Channel> connected = new LinkedBlockingDeque<>();

    private final int port;
    private Channel listening;

    UpstreamServer(Sockets sockets) {
        this.sockets = sockets;
        listening = listen(0);
        port = ((InetSocketAddress) listening.localAddress()).getPort();
    }

    private Channel listen(int onPort) {
        return new ServerBootstrap()
                .group(sockets.loops().get(0))
                .channelFactory(sockets.transport().serverSocketChannels())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(MAX_HTTP),
                                        new WebSocketServerProtocolHandler(WITHOUT_GOODBYE),
                                        new Accepted(connected));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort))
                .syncUninterruptibly()
                .channel();
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + port + "/");
    }

    @Override
    public List<Channel> lines() throws IOException, InterruptedException {
        Channel channel = connected.pollLast(SECONDS_TO_CONNECT, TimeUnit.SECONDS);
        if (channel == null) {
            throw new IOException(
                    "the contestant has not connected to its upstream within " + SECONDS_TO_CONNECT + " s");
        }
        connected.clear();
        connected.add(channel);
        return List.of(channel);
    }

    @Override
    public boolean masked() {
        return false;
    }

    /** Cuts the connection off and refuses others, as a host that restarts. */
    void drop() {
        listening.close().syncUninterruptibly();
        connected.forEach(channel -> channel.close().syncUninterruptibly());
        connected.clear();
    }

    /** Listens again after {@link #drop}, on the same port. */
    void comeBack() {
        listening = listen(port);
    }

    @Override
    public void close() {
        drop();
    }

    /** Knows when the handshake is over. */
    @Sharable
    private static final class Accepted extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final BlockingDeque<Channel> connected;

        Accepted(BlockingDeque<Channel> connected) {
            this.connected = connected;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof HandshakeComplete) {
                connected.add(ctx.channel());
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
            // what the proxy would like to have
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            var unused = ctx.close();
        }
    }
}
