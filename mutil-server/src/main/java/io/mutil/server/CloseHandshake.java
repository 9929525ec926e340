package io.mutil.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The closing handshake of RFC 6455, section 7, with a deadline. Runs on the event loop of its channel.
 *
 * <p>Each side sends one close frame; then the server ends the TCP connection, so that the client does not keep the
 * port. After the deadline the connection is ended whatever is missing.
 */
final class CloseHandshake {
    private final Channel channel;
    private final boolean client;
    private final Duration timeout;
    private final Runnable onSent;
    private @Nullable ChannelFuture sent;
    private @Nullable Future<?> deadline;

    CloseHandshake(Channel channel, boolean client, Duration timeout, Runnable onSent) {
        this.channel = channel;
        this.client = client;
        this.timeout = timeout;
        this.onSent = onSent;
    }

    /** Begins to close, after what is queued. Reads on, even if paused, because the answer has to be seen. */
    void start(CloseReason reason) {
        if (sent == null) {
            send(new CloseWebSocketFrame(reason.code(), reason.reason()));
            channel.config().setAutoRead(true);
        }
    }

    /**
     * Begins to close although nothing more can be understood of what the peer sends. Only our half of the TCP
     * connection ends at first: closing it with unread input would reset it, and the peer could lose the close frame.
     */
    void startDeaf(CloseReason reason) {
        start(reason);
        if (sent != null) {
            sent.addListener(f -> {
                var unused = Tls.endOutput(channel);
            });
        }
    }

    /** The peer has sent its close frame: answers it, unless it is the answer. */
    void received(CloseReason reason) {
        if (sent == null) {
            send(
                    reason.code() == CloseReason.NO_CODE
                            ? new CloseWebSocketFrame()
                            : new CloseWebSocketFrame(reason.code(), ""));
        }
        if (sent != null && !client) {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void send(CloseWebSocketFrame frame) {
        deadline = channel.eventLoop().schedule(this::cutOff, timeout.toNanos(), TimeUnit.NANOSECONDS);
        sent = channel.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        onSent.run();
    }

    private void cutOff() {
        Tls.cutOff(channel);
    }

    void ended() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
