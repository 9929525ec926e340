package io.mutil.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Makes single framed connections to one server. */
final class FrameConnector {
    private final Endpoint endpoint;
    private final ConnectionSettings settings;
    private final Duration connectTimeout;
    private final boolean verifyHost;
    private final Wiring wiring;
    private final Loops loops;

    FrameConnector(
            Endpoint endpoint,
            ConnectionSettings settings,
            Duration connectTimeout,
            boolean verifyHost,
            Wiring wiring,
            Loops loops) {
        this.endpoint = endpoint;
        this.settings = settings;
        this.connectTimeout = connectTimeout;
        this.verifyHost = verifyHost;
        this.wiring = wiring;
        this.loops = loops;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    void replaceKeys(Keys keys) {
        settings.authentication().replaceKeys(keys);
    }

    /**
     * Completes on the event loop of the connection. Cancelling ends the attempt.
     *
     * @param whenGone runs when an attempt that has failed has no socket any more
     */
    CompletableFuture<Connection> connect(Runnable whenGone) {
        var result = new CompletableFuture<Connection>();
        ChannelFuture connected = Sockets.connect(
                endpoint, settings.link(), connectTimeout, loops, settings.executor(), new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        new Connecting(channel, result).begin();
                    }
                });
        connected.addListener(f -> {
            if (!f.isSuccess()) {
                result.completeExceptionally(SocketErrors.connectFailure(endpoint, f.cause()));
            }
        });
        var unused = result.whenComplete((connection, e) -> {
            if (e != null) {
                Sockets.close(connected.channel(), whenGone);
            }
        });
        return result;
    }

    private final class Connecting extends Opening implements ClientUpgrade.Outcome {
        private final CompletableFuture<Connection> result;

        Connecting(Channel channel, CompletableFuture<Connection> result) {
            super(channel, FrameConnector.this.settings, endpoint instanceof Endpoint.Web, wiring);
            this.result = result;
        }

        @Override
        SslHandler newTls(SslContext context) {
            return Tls.ofClient(context, channel, endpoint, verifyHost);
        }

        @Override
        void addUpgrade(ChannelPipeline pipeline) {
            Http.addClient(pipeline);
            pipeline.addLast(new ClientUpgrade(
                    settings.link().handshakeTimeout(),
                    URI.create(endpoint.toString()),
                    EmptyHttpHeaders.INSTANCE,
                    false,
                    () -> new StreamDecoder(false),
                    this));
        }

        @Override
        public void upgraded(ChannelPipeline pipeline, ChannelHandler upgrade) {
            proceed(pipeline, upgrade);
        }

        @Override
        Authenticator newAuthenticator(Supplier<byte[]> binding, Duration deadline) {
            return Authenticator.client(settings.authentication(), binding, deadline, this);
        }

        @Override
        byte[] binding(SslHandler tls) {
            return ChannelBinding.ofClient(tls.engine().getSession());
        }

        @Override
        public boolean isDone() {
            return isOver();
        }

        @Override
        void opened(Connection connection) {
            if (!result.complete(connection)) {
                connection.closing().start(new CloseReason(CloseReason.GOING_AWAY, "not wanted any more"));
            }
        }

        @Override
        void refused(IOException why) {
            result.completeExceptionally(SocketErrors.noConnection(endpoint, why));
        }
    }
}
