package io.mutil.wproxy;

import io.mutil.codec.Transport;
import io.mutil.server.CloseReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import org.jspecify.annotations.Nullable;

/**
 * Takes what one connection of an upstream brings. Calls come one at a time, from any thread; none of them blocks for long.
 */
public interface UpstreamReceiver {
    /**
     * A message has come.
     *
     * @param text true for text in UTF-8, false for binary
     * @param payload copied before the call returns
     */
    void onMessage(boolean text, ByteBuf payload);

    /**
     * The upstream says that messages were left out.
     *
     * @param key whose; null if the messages have no key
     * @param missed how many; -1 if nobody knows
     */
    void onGap(@Nullable String key, long missed);

    /** The connection has ended. Whatever else comes of it is dropped. */
    void onClose(CloseReason reason);

    /** The event loop of the proxy that its upstream may run on. */
    EventLoopGroup eventLoops();

    /** The transport that the event loop is for. */
    Transport transport();
}
