package io.mutil.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What the two handshakes have in common in which each end challenges the other and both answer in the same way. */
abstract class ChallengeExchange extends Exchange {
    static final byte[] CHALLENGE = "#CHALLENGE#".getBytes(US_ASCII);
    static final byte[] WELCOME = "#WELCOME#".getBytes(US_ASCII);
    static final byte[] FAILURE = "#FAILURE#".getBytes(US_ASCII);

    final Authentication authentication;
    final String peer;
    private final Line line;
    /** Of the key that both ends have, as far as it is known. */
    int key = Keys.UNKNOWN;

    private byte @Nullable [] issued;

    /** @param peer "the server" or "the client" */
    ChallengeExchange(Authentication authentication, String peer, Line line) {
        this.authentication = authentication;
        this.peer = peer;
        this.line = line;
    }

    /** A challenge that nobody gets answered by this process: the prefix, then random bytes. */
    final byte[] issue(byte[] prefix, int randomBytes) throws AuthenticationException {
        byte[] challenge = authentication.random(randomBytes);
        if (prefix.length > 0) {
            byte[] whole = Arrays.copyOf(prefix, prefix.length + randomBytes);
            System.arraycopy(challenge, 0, whole, prefix.length, randomBytes);
            challenge = whole;
        }
        authentication.issued().issue(challenge, line);
        issued = challenge;
        return challenge;
    }

    /**
     * Looks for the key under which the peer has answered our challenge; tries all of them whatever it finds.
     *
     * @return whether there is one; {@link #key} is then set, and if it was before it is the same
     */
    final boolean answered(Hmac algorithm, byte[] answer) throws AuthenticationException {
        byte[] challenge = issued;
        issued = null;
        if (challenge == null || !authentication.issued().retire(challenge)) {
            return false;
        }
        int found = Keys.UNKNOWN;
        for (int i = 0; i < authentication.keys().ids().size(); i++) {
            boolean wanted = key == Keys.UNKNOWN || key == i;
            if (MessageDigest.isEqual(authentication.keys().mac(i, algorithm, challenge), answer) && wanted) {
                found = i;
            }
        }
        key = found;
        return found != Keys.UNKNOWN;
    }

    /** The answer to the peer's challenge. */
    final byte[] answer(Hmac algorithm, byte[] challenge) throws AuthenticationException {
        if (authentication.issued().forbids(challenge, line)) {
            throw new AuthenticationException(peer + " sent a challenge that this process has issued itself, to have it"
                    + " answered: an attack, or a program that connects to itself through a Unix socket or a relay and needs"
                    + " Handshake.VERSION_2 for that");
        }
        return authentication.keys().mac(key, algorithm, challenge);
    }

    final AuthenticationException wrongAnswer() {
        return new AuthenticationException(peer + " did not prove that it has one of the keys "
                + authentication.keys().ids() + "; check that both ends have the same key");
    }

    final AuthenticationException rejected() {
        return new AuthenticationException(peer + " did not accept the proof for key \""
                + authentication.keys().ids().get(key) + "\"; check that both ends have the same key");
    }

    final AuthenticationException noChallenge() {
        return new AuthenticationException(peer + " did not send a challenge of Handshake." + authentication.handshake()
                + "; check that both ends use the same handshake");
    }

    /** Both have proved themselves. */
    final void agree() {
        agree(authentication.untyped(authentication.keys().ids().get(key)));
    }

    @Override
    public void close() {
        if (issued != null) {
            authentication.issued().retire(issued);
            issued = null;
        }
    }
}
