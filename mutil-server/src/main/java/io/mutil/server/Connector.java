package io.mutil.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketClientExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateClientExtensionHandshaker;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Makes single connections to one server. */
final class Connector {
    private final URI uri;
    private final Endpoint endpoint;
    private final HttpHeaders headers;
    private final Settings settings;
    private final Duration connectTimeout;
    private final @Nullable SslContext tls;
    private final boolean verifyHost;
    private final OpenSocket open;
    private final Loops loops;
    private final Executor blocking;

    /**
     * @param tls if the URI is {@code wss}
     * @param blocking looks up names
     */
    Connector(
            URI uri,
            HttpHeaders headers,
            Settings settings,
            Duration connectTimeout,
            @Nullable SslContext tls,
            boolean verifyHost,
            OpenSocket open,
            Loops loops,
            Executor blocking) {
        this.uri = uri;
        int usual = tls == null ? 80 : 443;
        this.endpoint = Endpoint.tcp(uri.getHost(), uri.getPort() == -1 ? usual : uri.getPort());
        this.headers = headers;
        this.settings = settings;
        this.connectTimeout = connectTimeout;
        this.tls = tls;
        this.verifyHost = verifyHost;
        this.open = open;
        this.loops = loops;
        this.blocking = blocking;
    }

    /**
     * Completes after {@code onOpen}, on the event loop of the connection. Cancelling ends the attempt.
     *
     * @param whenGone runs when an attempt that has failed has no socket any more
     */
    CompletableFuture<WebSocket> connect(Runnable whenGone) {
        var result = new CompletableFuture<WebSocket>();
        ChannelFuture connected =
                Sockets.connect(endpoint, settings.link(), connectTimeout, loops, blocking, new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        addHandlers(channel, result);
                    }
                });
        connected.addListener(f -> {
            if (!f.isSuccess()) {
                result.completeExceptionally(SocketErrors.connectFailure(target(), f.cause()));
            }
        });
        var unused = result.whenComplete((socket, e) -> {
            if (e != null) {
                Sockets.close(connected.channel(), whenGone);
            }
        });
        return result;
    }

    private void addHandlers(Channel channel, CompletableFuture<WebSocket> result) {
        var pipeline = channel.pipeline();
        EpollEnd.addTo(pipeline, settings.link());
        if (tls != null) {
            pipeline.addLast(Tls.ofClient(tls, channel, endpoint, verifyHost));
        }
        Http.addClient(pipeline);
        if (settings.compression()) {
            pipeline.addLast(new WebSocketClientExtensionHandler(
                    new PerMessageDeflateClientExtensionHandshaker(settings.maxInflatedBytes())));
        }
        pipeline.addLast(
                "upgrade",
                new ClientUpgrade(
                        settings.link().handshakeTimeout(),
                        uri,
                        headers,
                        settings.compression(),
                        () -> settings.newDecoder(false),
                        new Outcome(result)));
    }

    /** Hands the connection over, or closes it if nobody waits for it any more. */
    private final class Outcome implements ClientUpgrade.Outcome {
        private final CompletableFuture<WebSocket> result;

        Outcome(CompletableFuture<WebSocket> result) {
            this.result = result;
        }

        @Override
        public boolean isDone() {
            return result.isDone();
        }

        @Override
        public void upgraded(ChannelPipeline pipeline, ChannelHandler upgrade) {
            WebSocket socket = open.replace(pipeline, upgrade);
            if (!result.complete(socket)) {
                var unused = socket.closeAsync(CloseReason.GOING_AWAY, "not wanted any more");
            }
        }

        @Override
        public void failed(IOException cause) {
            result.completeExceptionally(SocketErrors.noConnection(target(), cause));
        }
    }

    /** The URI without its query, which may hold a key. */
    String target() {
        return uri.getScheme() + "://" + uri.getRawAuthority() + (uri.getRawPath() == null ? "" : uri.getRawPath());
    }
}
