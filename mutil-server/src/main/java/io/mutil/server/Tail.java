package io.mutil.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
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
        return reason -> Tls.endOutput(channel);
    }
}
