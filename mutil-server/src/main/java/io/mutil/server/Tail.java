package io.mutil.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/** How this side ends its half of a connection, below the frames. */
interface Tail {
    /** Ends our half; everything written before leaves first. On the event loop. */
    ChannelFuture end(CloseReason reason);

    /** Why the peer has ended its half, if that was said below the frames. */
    default @Nullable CloseReason received() {
        return null;
    }

    /** With a FIN, and with a {@code close_notify} before it where there is TLS. */
    static Tail ofSocket(Channel channel) {
        return reason -> {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls == null) {
                return shutdownOutput(channel);
            }
            var done = channel.newPromise();
            tls.closeOutbound().addListener(f -> shutdownOutput(channel).addListener(g -> done.trySuccess()));
            return done;
        };
    }

    private static ChannelFuture shutdownOutput(Channel channel) {
        return channel instanceof DuplexChannel duplex ? duplex.shutdownOutput() : channel.close();
    }
}
