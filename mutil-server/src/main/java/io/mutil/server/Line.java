package io.mutil.server;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The two addresses of a connection as one of its ends sees them, to tell whether two channels of this process are the two
 * ends of one connection.
 *
 * <p>Only addresses of IP tell that: no two connections of a machine have the same four numbers. The ends of a Unix socket
 * have no names of their own.
 */
record Line(@Nullable InetSocketAddress local, @Nullable InetSocketAddress remote) {
    /** Of a connection that is like no other. */
    static final Line UNKNOWN = new Line(null, null);

    static Line of(Channel channel) {
        return new Line(internet(channel.localAddress()), internet(channel.remoteAddress()));
    }

    private static @Nullable InetSocketAddress internet(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress internet && !internet.isUnresolved() ? internet : null;
    }

    boolean isOtherEndOf(Line that) {
        return local != null && remote != null && local.equals(that.remote) && remote.equals(that.local);
    }
}
