package io.mutil.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketClientExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateClientExtensionHandshaker;
import io.netty.handler.flow.FlowControlHandler;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Makes single connections to one server. */
final class Connector {
    private final URI uri;
    private final HttpHeaders headers;
    private final Settings settings;
    private final Duration connectTimeout;
    private final OpenSocket open;
    private final Loops loops;

    Connector(URI uri, HttpHeaders headers, Settings settings, Duration connectTimeout, OpenSocket open, Loops loops) {
        this.uri = uri;
        this.headers = headers;
        this.settings = settings;
        this.connectTimeout = connectTimeout;
        this.open = open;
        this.loops = loops;
    }

    /** Completes after {@code onOpen}, on the event loop of the connection. Cancelling ends the attempt. */
    CompletableFuture<WebSocket> connect() {
        var result = new CompletableFuture<WebSocket>();
        var bootstrap = new Bootstrap()
                .group(loops.group())
                .channelFactory(settings.transport().socketChannels())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.max(1, Math.toIntExact(connectTimeout.toMillis())))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        addHandlers(channel, result);
                    }
                });
        settings.applyTo(bootstrap);
        ChannelFuture connected = bootstrap.connect(InetSocketAddress.createUnresolved(uri.getHost(), port()));
        connected.addListener(f -> {
            if (!f.isSuccess()) {
                result.completeExceptionally(failure(f.cause()));
            }
        });
        var unused = result.whenComplete((socket, e) -> {
            if (e != null) {
                var unusedClose = connected.channel().close();
            }
        });
        return result;
    }

    private void addHandlers(Channel channel, CompletableFuture<WebSocket> result) {
        var pipeline = channel.pipeline();
        pipeline.addLast(
                new HttpClientCodec(new HttpDecoderConfig().setMaxHeaderSize(Acceptor.MAX_HEADER_BYTES), false, false));
        pipeline.addLast(new HttpObjectAggregator(Acceptor.MAX_HEADER_BYTES));
        // holds the frames of the last read back while the connection is paused
        pipeline.addLast(new FlowControlHandler());
        if (settings.compression()) {
            pipeline.addLast(new WebSocketClientExtensionHandler(
                    new PerMessageDeflateClientExtensionHandshaker(settings.maxInflatedBytes())));
        }
        pipeline.addLast("upgrade", new ClientUpgrade(settings, uri, target(), headers, open, result));
    }

    private int port() {
        return uri.getPort() == -1 ? 80 : uri.getPort();
    }

    /** The URI without its query, which may hold a key. */
    String target() {
        return uri.getScheme() + "://" + uri.getRawAuthority() + (uri.getRawPath() == null ? "" : uri.getRawPath());
    }

    private ConnectException failure(Throwable cause) {
        var failure = new ConnectException("cannot connect to " + target() + ": " + cause.getMessage()
                + "; check that the server is running and the port is right");
        failure.initCause(cause);
        return failure;
    }
}
