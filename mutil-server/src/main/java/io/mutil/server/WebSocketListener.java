package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;

/**
 * What a program does with its connections. Every method does nothing by default.
 *
 * <p>All calls for one connection come on its event loop, in order, one at a time; different connections call at the
 * same time from different loops. A call must not block: hand long work to threads of your own, and use
 * {@link WebSocket#pause} while they are behind. An exception from a call is logged as a warning and closes the
 * connection with code 1011.
 */
public interface WebSocketListener {
    /** The handshake is complete; messages follow. */
    default void onOpen(WebSocket socket) {}

    /**
     * A whole message has arrived, its fragments put together. The default decodes it and calls {@link #onText} or
     * {@link #onBinary}.
     *
     * @param text true for text, which has been checked to be UTF-8; false for binary
     * @param payload valid during the call only, unless retained
     */
    default void onMessage(WebSocket socket, boolean text, ByteBuf payload) {
        if (text) {
            onText(socket, payload.toString(UTF_8));
        } else {
            onBinary(socket, ByteBuffer.wrap(ByteBufUtil.getBytes(payload)));
        }
    }

    /** A text message has arrived. */
    default void onText(WebSocket socket, String text) {}

    /** A binary message has arrived. The buffer is the listener's to keep. */
    default void onBinary(WebSocket socket, ByteBuffer bytes) {}

    /** The outbound queue has room again, after it refused a message. */
    default void onWritable(WebSocket socket) {}

    /** The connection has ended. Called exactly once for each {@link #onOpen}; nothing follows. */
    default void onClose(WebSocket socket, CloseReason reason) {}
}
