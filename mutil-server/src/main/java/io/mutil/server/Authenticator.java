package io.mutil.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Performs the handshake on a channel: reads and writes plain {@link io.netty.buffer.ByteBuf}s, and removes itself when the
 * peer is who it should be.
 */
final class Authenticator extends ChannelInboundHandlerAdapter {
    /** What becomes of the channel. Exactly one method is called, once, on the event loop. */
    interface Outcome {
        /**
         * The peer has the key. Installs what follows behind {@code ctx}; the authenticator then removes itself and
         * passes on the bytes that came behind the handshake.
         */
        void authenticated(ChannelHandlerContext ctx, Agreement agreement);

        /**
         * It has not, or went away, or took too long; the channel is being closed.
         *
         * @param cause an {@link AuthenticationException} if the peer said something wrong or refused us
         */
        void failed(IOException cause);
    }

    private Authenticator() {}

    /**
     * For accepted connections.
     *
     * @param binding asked for when the handshake begins, that is when the handler is added to an active channel or the
     *     channel becomes active: add it behind TLS and the WebSocket upgrade when these are complete
     * @param deadline for the whole handshake, from when the handler is added
     */
    static Authenticator server(
            Authentication authentication,
            Supplier<byte[]> binding,
            Duration deadline,
            AttemptLimiter attempts,
            Outcome outcome) {
        return new Authenticator();
    }

    /** For connections that we have made. */
    static Authenticator client(
            Authentication authentication, Supplier<byte[]> binding, Duration deadline, Outcome outcome) {
        return new Authenticator();
    }
}
