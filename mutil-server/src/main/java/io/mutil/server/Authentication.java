package io.mutil.server;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.internal.Framing;
import java.security.SecureRandom;
import java.util.function.Consumer;

/** How the connections of one server or client are authenticated, and what the peers are told. Safe for many threads. */
final class Authentication {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Handshake handshake;
    private volatile Keys keys;
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

    /**
     * Begins the client's side of one handshake.
     *
     * @param binding what ties it to the channel below, see {@link ChannelBinding}; only version 2 uses it
     * @param line that it is spoken on; only the others use it
     */
    Exchange asClient(byte[] binding, Line line) {
        Authentication now = withCurrentKeys();
        return switch (handshake) {
            case VERSION_2 -> new Version2Client(now, binding);
            case LEGACY -> LegacyExchange.client(now, line);
            case MULTIPROCESSING -> MultiprocessingExchange.client(now, line);
        };
    }

    /** Begins the server's side of one handshake; the parameters are as in {@link #asClient}. */
    Exchange asServer(byte[] binding, Line line) {
        Authentication now = withCurrentKeys();
        return switch (handshake) {
            case VERSION_2 -> new Version2Server(now, binding);
            case LEGACY -> LegacyExchange.server(now, line);
            case MULTIPROCESSING -> MultiprocessingExchange.server(now, line);
        };
    }

    /** A handshake ends with the keys with which it has begun. */
    private Authentication withCurrentKeys() {
        return new Authentication(handshake, keys, format, random, issued);
    }

    /** Handshakes that begin from now on are with these keys. */
    void replaceKeys(Keys replacement) {
        keys = replacement;
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

    /** What this end announces, in version 2. */
    long maxPayload() {
        return Math.min(format.maxBytes(), headerLimit() - 1); // the header also counts the kind byte
    }

    private long headerLimit() {
        return format.headerBytes() >= Long.BYTES ? Long.MAX_VALUE : (1L << (Byte.SIZE * format.headerBytes())) - 1;
    }

    /**
     * What follows a handshake of version 2.
     *
     * @param announced by the peer; it is bound to what the same width of header can express, as {@link #maxPayload} is
     */
    Agreement typed(String keyId, long announced) {
        long max = Math.min(announced, headerLimit() - 1);
        Framing outbound = Framing.typed(format.maxBytes(max));
        return new Agreement(handshake, keyId, Framing.typed(format), outbound, max);
    }

    /** What follows one of the other handshakes, in which nothing is announced: this end's limit holds both ways. */
    Agreement untyped(String keyId) {
        if (handshake == Handshake.MULTIPROCESSING) {
            Framing framing = new MultiprocessingFraming(format.maxBytes());
            return new Agreement(handshake, keyId, framing, framing, format.maxBytes());
        }
        Framing framing = Framing.bare(format);
        return new Agreement(handshake, keyId, framing, framing, Math.min(format.maxBytes(), headerLimit()));
    }
}
