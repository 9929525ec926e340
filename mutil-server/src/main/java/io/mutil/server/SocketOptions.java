package io.mutil.server;

import static java.util.Objects.requireNonNull;

/**
 * The choices that the builders of WebSocket servers and clients have in common.
 *
 * @param <B> the builder itself
 */
abstract class SocketOptions<B extends SocketOptions<B>> extends LinkOptions<B> {
    private int maxMessageBytes = 16 << 20;
    private Overflow overflow = Overflow.REJECT;
    private boolean compression;

    /**
     * Largest message accepted, in bytes of payload, all fragments together and after decompression. Default 16 MiB; a
     * larger one closes the connection with code 1009.
     */
    public B maxMessageBytes(int bytes) {
        maxMessageBytes = positive("maxMessageBytes", bytes);
        return self();
    }

    /** What happens to a message that does not fit into the queue. Default {@link Overflow#REJECT}. */
    public B overflow(Overflow policy) {
        overflow = requireNonNull(policy, "policy");
        return self();
    }

    /**
     * Whether permessage-deflate is used if the peer wants it too. Default off: it costs time and, per connection, some
     * 300 KiB. A message cannot inflate beyond {@link #maxMessageBytes}.
     */
    public B compression(boolean on) {
        compression = on;
        return self();
    }

    Settings settings() {
        return new Settings(link(), maxMessageBytes, overflow, compression);
    }
}
