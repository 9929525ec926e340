package io.mutil.server;

import java.security.MessageDigest;

/**
 * The server's side of {@link Handshake#VERSION_2}. It computes nothing with a key before the client's proof is there, and
 * the same amount whether it has the key or not; whatever is wrong, the client is told the same byte.
 */
final class Version2Server extends Version2Exchange {
    Version2Server(Authentication authentication, byte[] binding) {
        super(authentication, "the client", Preamble.CLIENT, binding);
    }

    @Override
    void begin() {
        expectPreamble();
    }

    @Override
    void tellRefusal() {
        send(new byte[] {REFUSED});
    }

    @Override
    void preamble(Preamble theirs) {
        Preamble ours = ours(Preamble.SERVER, theirs.keyId());
        send(ours.encode());
        expect("the client's proof", Hmac.SHA_512.bytes(), proof -> judge(proof, theirs, ours));
    }

    private void judge(byte[] proof, Preamble theirs, Preamble ours) throws AuthenticationException {
        byte[] client = theirs.encode();
        byte[] server = ours.encode();
        int key = authentication.keys().indexOf(theirs.keyId());
        boolean proved = MessageDigest.isEqual(checked(() -> clientProof(key, client, server)), proof);
        byte[] answer = serverProof(key, client, server);
        if (!proved || key == Keys.UNKNOWN) {
            throw refusal("the client did not prove that it has one of the keys "
                    + authentication.keys().ids()
                    + "; check that it has the same key under the same id, and that nothing between the two ends"
                    + " terminates TLS");
        }
        if (!sameWidth(theirs)) {
            throw refusal(otherWidth(theirs));
        }
        send(new byte[] {ACCEPTED}, answer);
        agree(key, theirs);
    }
}
