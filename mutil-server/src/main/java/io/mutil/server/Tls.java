package io.mutil.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import javax.net.ssl.SSLException;

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

    /** Whether that went wrong with TLS. */
    static boolean isFailure(Throwable cause) {
        return unwrapped(cause) instanceof SSLException;
    }

    private static Throwable unwrapped(Throwable cause) {
        return cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    }

    /** What is said of a failure: nothing that the peer has sent, which is what Netty's message shows. */
    static String reason(Throwable cause) {
        if (!(unwrapped(cause) instanceof NotSslRecordException stray)) {
            return String.valueOf(unwrapped(cause).getMessage());
        }
        String name = Stray.recognize(stray);
        return (name == null ? "the peer" : "the peer looks like " + name + " and")
                + " does not speak TLS; check that both ends are given tls, or neither";
    }

    /** Why there is no connection. */
    static IOException noTls(Throwable cause) {
        Throwable why = unwrapped(cause);
        return new IOException("no TLS: " + reason(why), why instanceof NotSslRecordException ? null : why);
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
