package io.mutil.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link Handshake#MULTIPROCESSING}, as in CPython's {@code multiprocessing/connection.py}: every message has a big-endian
 * signed length of 32 bits, or -1 and an unsigned one of 64, and at most 256 bytes. The listener challenges first, then the
 * client.
 *
 * <p>Up to 3.11, a challenge is {@code #CHALLENGE#} and 20 random bytes, and the answer their HMAC-MD5, 16 bytes. From 3.12
 * on, the random bytes are preceded by the name of a digest in braces, there are more than 20 bytes in all, the digest is
 * over name and random bytes, and the answer is the name in braces and the digest.
 *
 * <p>We challenge as 3.12 does, with {@code {sha256}} and 40 random bytes. Old peers take all 48 for random bytes and answer
 * with their MD5, as they do to 3.12; there is no challenge that they answer better. So an answer of 16 bytes is accepted,
 * and from then on the peer is held to be an old one: its own challenge must have the old form too. A new peer never
 * answers our challenge with MD5, and nobody between the ends can make it, since then it would answer another challenge
 * than ours. All other answers are refused, {@code {md5}} included, although 3.12 would take them: no version sends them.
 */
abstract class MultiprocessingExchange extends ChallengeExchange {
    private static final byte[] SHA_256_PREFIX = "{sha256}".getBytes(US_ASCII);
    private static final int RANDOM_BYTES = 40;
    private static final int OLD_CHALLENGE_BYTES = 20;

    /** What a new peer may ask us to answer with. */
    private static final List<Named> DIGESTS = List.of(
            new Named("{sha256}", Hmac.SHA_256),
            new Named("{sha384}", Hmac.SHA_384),
            new Named("{sha3_256}", Hmac.SHA3_256),
            new Named("{sha3_384}", Hmac.SHA3_384));

    private record Named(String prefix, Hmac algorithm) {
        boolean begins(byte[] challenge) {
            byte[] name = prefix.getBytes(US_ASCII);
            return challenge.length >= name.length && Arrays.equals(challenge, 0, name.length, name, 0, name.length);
        }
    }

    private enum Generation {
        OLD,
        NEW
    }

    private @Nullable Generation generation;

    MultiprocessingExchange(Authentication authentication, String peer, Line line) {
        super(authentication, peer, line);
    }

    static Exchange client(Authentication authentication, Line line) {
        return new Client(authentication, line);
    }

    static Exchange server(Authentication authentication, Line line) {
        return new Server(authentication, line);
    }

    private void sendMessage(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        send(ByteBuffer.allocate(4).putInt(length).array());
        send(parts);
    }

    private void expectMessage(String what, Step next) {
        expect(what, 4, header -> {
            int length = ByteBuffer.wrap(header).getInt();
            if (length == -1) {
                expect(what, 8, wide -> expectBody(what, ByteBuffer.wrap(wide).getLong(), next));
            } else {
                expectBody(what, length, next);
            }
        });
    }

    private void expectBody(String what, long length, Step next) throws AuthenticationException {
        if (length < 0 || length > MAX_FIELD) {
            throw new AuthenticationException(
                    peer + " announced " + Long.toUnsignedString(length) + " bytes before it was"
                            + " authenticated, where at most " + MAX_FIELD
                            + " are allowed; check that it speaks multiprocessing.connection, with an authkey");
        }
        expect(what, (int) length, next);
    }

    /** Has the peer prove itself, then goes on to {@link #welcomed()}. */
    final void challenge() throws AuthenticationException {
        sendMessage(CHALLENGE, issue(SHA_256_PREFIX, RANDOM_BYTES));
        expectMessage(peer + "'s answer to our challenge", this::judge);
    }

    private void judge(byte[] answer) throws AuthenticationException {
        boolean old = answer.length == Hmac.MD5.bytes();
        boolean right = old
                ? consistent(Generation.OLD) && answered(Hmac.MD5, answer)
                : consistent(Generation.NEW) && answered(Hmac.SHA_256, afterName(answer));
        if (!right) {
            sendMessage(FAILURE);
            throw wrongAnswer();
        }
        sendMessage(WELCOME);
        welcomed();
    }

    /** The digest in a new peer's answer; empty if there is another name before it, or none. */
    private static byte[] afterName(byte[] answer) {
        Named expected = DIGESTS.get(0);
        return expected.begins(answer) ? Arrays.copyOfRange(answer, SHA_256_PREFIX.length, answer.length) : new byte[0];
    }

    /** Whether the peer may be of this generation; the first one seen is the one it has. */
    private boolean consistent(Generation seen) {
        if (generation == null) {
            generation = seen;
        }
        return generation == seen;
    }

    /** The peer has proved itself. */
    abstract void welcomed();

    /** Proves this end to the peer, then goes on to {@link #accepted()}. */
    final void prove() {
        expectMessage(peer + "'s challenge", this::answerTo);
    }

    private void answerTo(byte[] message) throws AuthenticationException {
        if (message.length < CHALLENGE.length
                || !Arrays.equals(message, 0, CHALLENGE.length, CHALLENGE, 0, CHALLENGE.length)) {
            throw noChallenge();
        }
        byte[] challenge = Arrays.copyOfRange(message, CHALLENGE.length, message.length);
        if (challenge.length == OLD_CHALLENGE_BYTES) {
            requireSame(Generation.OLD);
            sendMessage(answer(Hmac.MD5, challenge));
        } else {
            requireSame(Generation.NEW);
            Named digest = named(challenge);
            sendMessage(digest.prefix().getBytes(US_ASCII), answer(digest.algorithm(), challenge));
        }
        expectMessage(peer + "'s verdict on our answer", verdict -> {
            if (!Arrays.equals(verdict, WELCOME)) {
                throw rejected();
            }
            accepted();
        });
    }

    private void requireSame(Generation seen) throws AuthenticationException {
        if (!consistent(seen)) {
            throw new AuthenticationException(peer + " answers as one version of Python and challenges as another;"
                    + " somebody between the two ends changes what they say");
        }
    }

    private Named named(byte[] challenge) throws AuthenticationException {
        if (challenge.length > OLD_CHALLENGE_BYTES) {
            for (Named digest : DIGESTS) {
                if (digest.begins(challenge)) {
                    return digest;
                }
            }
        }
        throw new AuthenticationException(
                peer + " sent a challenge of " + challenge.length + " bytes that asks for none of"
                        + " the digests sha256, sha384, sha3_256, sha3_384; check that it speaks multiprocessing.connection");
    }

    /** This end has proved itself. */
    abstract void accepted() throws AuthenticationException;

    /** Has to answer first, before it knows which key the listener has; so it is the first key. */
    private static final class Client extends MultiprocessingExchange {
        Client(Authentication authentication, Line line) {
            super(authentication, "the server", line);
            key = 0;
        }

        @Override
        void begin() {
            prove();
        }

        @Override
        void accepted() throws AuthenticationException {
            challenge();
        }

        @Override
        void welcomed() {
            agree();
        }
    }

    private static final class Server extends MultiprocessingExchange {
        Server(Authentication authentication, Line line) {
            super(authentication, "the client", line);
        }

        @Override
        void begin() throws AuthenticationException {
            challenge();
        }

        @Override
        void welcomed() {
            prove();
        }

        @Override
        void accepted() {
            agree();
        }
    }
}
