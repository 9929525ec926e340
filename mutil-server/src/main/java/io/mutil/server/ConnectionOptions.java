package io.mutil.server;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.FrameFormat;
import io.netty.handler.ssl.SslContext;

/**
 * The choices that the builders of servers and clients of framed connections have in common.
 *
 * @param <B> the builder itself
 */
abstract class ConnectionOptions<B extends ConnectionOptions<B>> extends LinkOptions<B> {
    private final Keys keys;
    private Handshake handshake = Handshake.VERSION_2;
    private FrameFormat format = FrameFormat.littleEndian(4);
    private int inboundBufferBytes = 1 << 20;

    ConnectionOptions(Keys keys) {
        this.keys = requireNonNull(keys, "keys");
    }

    /** How the two ends authenticate each other. Default {@link Handshake#VERSION_2}; both ends need the same. */
    public B handshake(Handshake handshake) {
        this.handshake = requireNonNull(handshake, "handshake");
        return self();
    }

    /**
     * Header width, which both ends need the same, and longest frame accepted, which they need not. Default 4 bytes and
     * 16 MiB; a longer frame closes the connection with code 1009. After {@link Handshake#VERSION_2} what may be sent is
     * the peer's choice, see {@link Connection#maxPayload}. After {@link Handshake#MULTIPROCESSING} only the limit holds.
     */
    public B format(FrameFormat format) {
        this.format = requireNonNull(format, "format");
        return self();
    }

    /**
     * How much may have arrived on one connection without being read before the peer has to wait. Default 1 MiB, one
     * read of the socket more or less; a frame that is larger is gathered as it comes.
     */
    public B inboundBufferBytes(int bytes) {
        inboundBufferBytes = positive("inboundBufferBytes", bytes);
        return self();
    }

    /**
     * {@inheritDoc} The keys are proved inside TLS, and after {@link Handshake#VERSION_2} bound to the server's certificate.
     */
    @Override
    public B tls(SslContext context) {
        return super.tls(context);
    }

    /**
     * The choices made, for this endpoint.
     *
     * @throws IllegalStateException if they contradict each other
     */
    ConnectionSettings settings(Endpoint endpoint, boolean client) {
        SslContext context = checkedTls(client);
        if (context != null && endpoint instanceof Endpoint.Unix) {
            throw new IllegalStateException("TLS has no use on " + endpoint + "; leave tls out, or listen on TCP");
        }
        return new ConnectionSettings(
                link(), new Authentication(handshake, keys, format), inboundBufferBytes, context, blocking());
    }
}
