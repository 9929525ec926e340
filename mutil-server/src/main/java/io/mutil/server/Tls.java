package io.mutil.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What all servers and clients do alike with TLS, and with channels that may have it. */
final class Tls {
    private Tls() {}

    /** Its handshake has no deadline: there is one for all that is done before a connection is open. */
    static SslHandler ofServer(SslContext context, Channel channel) {
        return withoutDeadline(context.newHandler(channel.alloc()));
    }

    /**
     * As {@link #ofServer}.
     *
     * @param verifyHost whether the certificate has to be for this host
     */
    static SslHandler ofClient(SslContext context, Channel channel, Endpoint endpoint, boolean verifyHost) {
        SslHandler tls = context.newHandler(channel.alloc(), Sockets.host(endpoint), endpoint.port());
        var parameters = tls.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(verifyHost ? "HTTPS" : "");
        tls.engine().setSSLParameters(parameters);
        return withoutDeadline(tls);
    }

    private static SslHandler withoutDeadline(SslHandler tls) {
        tls.setHandshakeTimeoutMillis(0);
        return tls;
    }

    /** What went wrong with TLS, if that was it. */
    static @Nullable SSLException failure(Throwable cause) {
        Throwable why = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        return why instanceof SSLException failure ? failure : null;
    }

    /** Ends our half with a FIN, and with a {@code close_notify} before it where there is TLS. On the event loop. */
    static ChannelFuture endOutput(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return shutdownOutput(channel);
        }
        var done = channel.newPromise();
        tls.closeOutbound().addListener(f -> shutdownOutput(channel).addListener(g -> done.trySuccess()));
        return done;
    }

    private static ChannelFuture shutdownOutput(Channel channel) {
        return channel instanceof DuplexChannel duplex ? duplex.shutdownOutput() : channel.close();
    }

    /** Closes without a TLS farewell, which would wait for a peer that takes nothing. */
    static void cutOff(Channel channel) {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        var unused = first == null ? channel.close() : first.close();
    }
}
