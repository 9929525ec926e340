package io.mutil.server;

import io.mutil.codec.FrameFormat;
import java.security.SecureRandom;
import java.util.function.Consumer;

/** How the connections of one server or client are authenticated, and what the peers are told. Safe for many threads. */
final class Authentication {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Handshake handshake;
    private final Keys keys;
    private final FrameFormat format;
    private final Consumer<byte[]> random;
    private final IssuedChallenges issued;

    /**
     * Draws its randomness from the operating system.
     *
     * @throws IllegalStateException if the handshake needs Bouncy Castle and it is not there
     */
    Authentication(Handshake handshake, Keys keys, FrameFormat format) {
        this(handshake, keys, format, RANDOM::nextBytes, IssuedChallenges.PROCESS);
    }

    Authentication(
            Handshake handshake, Keys keys, FrameFormat format, Consumer<byte[]> random, IssuedChallenges issued) {
        if (handshake == Handshake.LEGACY) {
            Blake2b.require();
        }
        this.handshake = handshake;
        this.keys = keys;
        this.format = format;
        this.random = random;
        this.issued = issued;
    }

    /** @param binding what ties the handshake to the channel below, see {@link ChannelBinding}; only version 2 uses it */
    Exchange asClient(byte[] binding) {
        return switch (handshake) {
            case VERSION_2 -> new Version2Client(this, binding);
            case LEGACY -> LegacyExchange.client(this);
            case MULTIPROCESSING -> MultiprocessingExchange.client(this);
        };
    }

    /** @param binding as in {@link #asClient} */
    Exchange asServer(byte[] binding) {
        return switch (handshake) {
            case VERSION_2 -> new Version2Server(this, binding);
            case LEGACY -> LegacyExchange.server(this);
            case MULTIPROCESSING -> MultiprocessingExchange.server(this);
        };
    }

    Handshake handshake() {
        return handshake;
    }

    Keys keys() {
        return keys;
    }

    FrameFormat format() {
        return format;
    }

    IssuedChallenges issued() {
        return issued;
    }

    byte[] random(int bytes) {
        byte[] result = new byte[bytes];
        random.accept(result);
        return result;
    }

    /** The longest payload that this end takes. */
    long maxPayload(boolean typed) {
        return Math.min(format.maxBytes(), headerLimit(typed));
    }

    /** The longest payload that a header can express; it also counts the kind byte of a typed frame. */
    long headerLimit(boolean typed) {
        long limit = format.headerBytes() >= Long.BYTES ? Long.MAX_VALUE : (1L << (8 * format.headerBytes())) - 1;
        return typed ? limit - 1 : limit;
    }
}
