package io.mutil.server;

import java.util.Arrays;

/**
 * {@link Handshake#LEGACY}: a challenge is {@code #CHALLENGE#} and 128 random bytes, its answer their HMAC-BLAKE2b-512, and
 * the verdict {@code #WELCOME#} or {@code #FAILURE#}. The client challenges first, then the server.
 */
abstract class LegacyExchange extends ChallengeExchange {
    private static final int CHALLENGE_BYTES = 128;

    LegacyExchange(Authentication authentication, String peer, Line line) {
        super(authentication, peer, line);
    }

    static Exchange client(Authentication authentication, Line line) {
        return new Client(authentication, line);
    }

    static Exchange server(Authentication authentication, Line line) {
        return new Server(authentication, line);
    }

    /** Has the peer prove itself, then goes on to {@link #welcomed()}. */
    final void challenge() throws AuthenticationException {
        send(CHALLENGE, issue(new byte[0], CHALLENGE_BYTES));
        expect(peer + "'s answer to our challenge", Hmac.BLAKE2B.bytes(), this::judge);
    }

    private void judge(byte[] answer) throws AuthenticationException {
        if (!answered(Hmac.BLAKE2B, answer)) {
            send(FAILURE);
            throw wrongAnswer();
        }
        send(WELCOME);
        welcomed();
    }

    /** The peer has proved itself. */
    abstract void welcomed();

    /** Proves this end to the peer, then goes on to {@link #accepted()}. */
    final void prove() {
        expect(peer + "'s challenge", CHALLENGE.length, prefix -> {
            if (!Arrays.equals(prefix, CHALLENGE)) {
                throw noChallenge();
            }
            expect(peer + "'s challenge", CHALLENGE_BYTES, this::answerTo);
        });
    }

    private void answerTo(byte[] challenge) throws AuthenticationException {
        send(answer(Hmac.BLAKE2B, challenge));
        expect(peer + "'s verdict on our answer", WELCOME.length, verdict -> {
            if (!Arrays.equals(verdict, WELCOME)) {
                throw rejected();
            }
            accepted();
        });
    }

    /** This end has proved itself. */
    abstract void accepted() throws AuthenticationException;

    private static final class Client extends LegacyExchange {
        Client(Authentication authentication, Line line) {
            super(authentication, "the server", line);
        }

        @Override
        void begin() throws AuthenticationException {
            challenge();
        }

        @Override
        boolean hearsRandomFirst() {
            return true;
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

    /** Has to answer first, before it knows which key the client has; so it is the first key. */
    private static final class Server extends LegacyExchange {
        Server(Authentication authentication, Line line) {
            super(authentication, "the client", line);
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
}
