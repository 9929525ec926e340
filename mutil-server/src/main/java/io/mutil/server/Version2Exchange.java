package io.mutil.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/** What client and server of {@link Handshake#VERSION_2} have in common. */
abstract class Version2Exchange extends Exchange {
    private static final byte[] CLIENT_LABEL = "mutil handshake 2 client".getBytes(US_ASCII);
    private static final byte[] SERVER_LABEL = "mutil handshake 2 server".getBytes(US_ASCII);

    /** What the server says before its proof, or instead of anything else. */
    static final byte ACCEPTED = 0;

    static final byte REFUSED = 1;

    final Authentication authentication;
    private final String peer;
    private final byte peerRole;
    private final byte[] binding;

    Version2Exchange(Authentication authentication, String peer, byte peerRole, byte[] binding) {
        this.authentication = authentication;
        this.peer = peer;
        this.peerRole = peerRole;
        this.binding = binding;
    }

    /** @param firstByte the beginning of the magic if it was looked at already, or nothing */
    final void expectPreamble(byte... firstByte) {
        String what = peer + "'s preamble";
        expect(what, Preamble.MAGIC.length - firstByte.length, magic -> {
            if (!Arrays.equals(joined(firstByte, magic), Preamble.MAGIC)) {
                throw refusal(peer + " does not begin with a preamble; check that both ends use Handshake.VERSION_2");
            }
            expect(what, Preamble.HEAD_BYTES, head -> {
                int remaining = checked(() -> Preamble.remaining(head, peer, peerRole));
                expect(what, remaining, rest -> preamble(checked(() -> Preamble.decode(head, rest, peer))));
            });
        });
    }

    interface Check<T> {
        T get() throws AuthenticationException;
    }

    /** What this gives, or a refusal that the peer is told of. */
    final <T> T checked(Check<T> check) throws AuthenticationException {
        try {
            return check.get();
        } catch (AuthenticationException e) {
            tellRefusal();
            throw e;
        }
    }

    final AuthenticationException refusal(String message) {
        tellRefusal();
        return new AuthenticationException(message);
    }

    /** Tells the peer that it is refused, if this side is the one to do so; never why. */
    void tellRefusal() {}

    /** The peer's preamble is well-formed. */
    abstract void preamble(Preamble theirs) throws AuthenticationException;

    final byte[] clientProof(int key, byte[] client, byte[] server) throws AuthenticationException {
        return authentication.keys().mac(key, Hmac.SHA_512, CLIENT_LABEL, client, server, binding);
    }

    final byte[] serverProof(int key, byte[] client, byte[] server) throws AuthenticationException {
        return authentication.keys().mac(key, Hmac.SHA_512, SERVER_LABEL, client, server, binding);
    }

    final Preamble ours(byte role, byte[] keyId) {
        return new Preamble(
                role,
                authentication.format().headerBytes(),
                authentication.maxPayload(),
                keyId,
                authentication.random(Preamble.NONCE_BYTES));
    }

    final String otherWidth(Preamble theirs) {
        return peer + " uses " + theirs.headerBytes() + "-byte headers, this end "
                + authentication.format().headerBytes() + "-byte ones; give both the same FrameFormat";
    }

    final boolean sameWidth(Preamble theirs) {
        return theirs.headerBytes() == authentication.format().headerBytes();
    }

    final void agree(int key, Preamble theirs) {
        agree(authentication.typed(authentication.keys().ids().get(key), theirs.maxPayload()));
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] whole = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, whole, first.length, second.length);
        return whole;
    }
}
