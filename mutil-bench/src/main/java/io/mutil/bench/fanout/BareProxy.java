package io.mutil.bench.fanout;

import io.mutil.codec.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A fan-out proxy of plain Netty, as fast as one can be written: one shared frame for each message, one task for each event
 * loop and batch of messages, and one flush for each client and batch. Nothing is bounded and a slow client is not looked
 * after. Keys are looked for only when a client has asked for one.
 */
public final class BareProxy {
    private static final int MAX_HTTP = 8 << 10;
    private static final int BACKLOG = 4096;

    private BareProxy() {}

    /** Takes the address of the upstream. */
    public static void main(String[] args) throws IOException {
        Transport transport = Transport.best();
        EventLoopGroup group = transport.newEventLoopGroup(
                Runtime.getRuntime().availableProcessors(), new DefaultThreadFactory("bare", true));
        Map<EventLoop, BareShard> shards = new LinkedHashMap<>();
        group.forEach(loop -> shards.put((EventLoop) loop, new BareShard((EventLoop) loop)));
        int port = listen(transport, group, shards);
        new BareUpstream(transport, group.next(), URI.create(args[0]), List.copyOf(shards.values())).connect();
        ProxyConsole.serve(port);
    }

    private static int listen(Transport transport, EventLoopGroup group, Map<EventLoop, BareShard> shards) {
        Channel listening = new ServerBootstrap()
                .group(group)
                .channelFactory(transport.serverSocketChannels())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(MAX_HTTP),
                                        new WebSocketServerProtocolHandler("/", null, false),
                                        new BareClient(shards.get(channel.eventLoop())));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }
}
