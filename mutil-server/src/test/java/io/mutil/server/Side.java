package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mutil.codec.FrameFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One side of a handshake without a channel: what it hears, what it says, and what became of it. */
final class Side {
    static final byte[] SECRET = "sixteen bytes or so".getBytes(UTF_8);
    static final FrameFormat FORMAT = FrameFormat.littleEndian(4);

    private final Exchange exchange;
    private boolean begun;
    private int unused;

    @Nullable
    Agreement agreement;

    @Nullable
    AuthenticationException refusal;

    private Side(Exchange exchange) {
        this.exchange = exchange;
    }

    static Side client(Authentication authentication) {
        return client(authentication, new byte[0]);
    }

    static Side client(Authentication authentication, byte[] binding) {
        return new Side(authentication.asClient(binding, Line.UNKNOWN));
    }

    static Side server(Authentication authentication) {
        return server(authentication, new byte[0]);
    }

    static Side server(Authentication authentication, byte[] binding) {
        return new Side(authentication.asServer(binding, Line.UNKNOWN));
    }

    static Authentication authentication(Handshake handshake) {
        return authentication(handshake, Keys.of(SECRET));
    }

    /** With a register of challenges of its own, as another process would have. */
    static Authentication authentication(Handshake handshake, Keys keys) {
        return authentication(handshake, keys, FORMAT, process());
    }

    static Authentication authentication(Handshake handshake, Keys keys, FrameFormat format, IssuedChallenges issued) {
        return new Authentication(handshake, keys, format, new Random()::nextBytes, issued);
    }

    static Authentication authentication(Handshake handshake, Keys keys, FrameFormat format, Consumer<byte[]> random) {
        return new Authentication(handshake, keys, format, random, process());
    }

    static IssuedChallenges process() {
        return new IssuedChallenges(100, Duration.ofMinutes(10), System::nanoTime);
    }

    static Keys keys(String id, byte[] secret) {
        return Keys.builder().add(id, secret).build();
    }

    static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    byte[] begin() {
        begun = true;
        try {
            exchange.begin();
        } catch (AuthenticationException e) {
            refusal = e;
        }
        return exchange.output();
    }

    byte[] hear(byte[] bytes) {
        return hear(bytes, Integer.MAX_VALUE);
    }

    /** Takes pieces of at most this length, until it agrees or refuses. */
    byte[] hear(byte[] bytes, int longestPiece) {
        var said = new ByteArrayOutputStream();
        if (!begun) {
            said.writeBytes(begin());
        }
        for (int at = 0; at < bytes.length && open(); at += longestPiece) {
            ByteBuffer piece = ByteBuffer.wrap(bytes, at, Math.min(longestPiece, bytes.length - at));
            said.writeBytes(take(piece));
            unused = piece.remaining();
        }
        return said.toByteArray();
    }

    private byte[] take(ByteBuffer piece) {
        try {
            agreement = exchange.receive(piece);
        } catch (AuthenticationException e) {
            refusal = e;
        }
        return exchange.output();
    }

    boolean open() {
        return agreement == null && refusal == null;
    }

    /** Bytes of the last piece that were not taken. */
    int unused() {
        return unused;
    }

    Exchange exchange() {
        return exchange;
    }

    /** What is said in one go, and by whom. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Said(boolean byClient, byte[] bytes) {}

    /** Lets two sides talk until neither has more to say. */
    static List<Said> talk(Side client, Side server) {
        return talk(client, server, said -> said);
    }

    /** The same with somebody between who may change what is said; what arrived is returned. */
    static List<Said> talk(Side client, Side server, UnaryOperator<Said> between) {
        var all = new ArrayList<Said>();
        byte[] fromServer = server.begin();
        byte[] fromClient = client.begin();
        while (fromClient.length > 0 || fromServer.length > 0) {
            byte[] answer = {};
            if (fromClient.length > 0) {
                Said said = between.apply(new Said(true, fromClient));
                all.add(said);
                answer = server.hear(said.bytes());
            }
            byte[] next = {};
            if (fromServer.length > 0) {
                Said said = between.apply(new Said(false, fromServer));
                all.add(said);
                next = client.hear(said.bytes());
            }
            fromServer = answer;
            fromClient = next;
        }
        return all;
    }
}
