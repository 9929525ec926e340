package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Arrays;

/** The client's side of {@link Handshake#VERSION_2}: preamble, then the first proof. */
final class Version2Client extends Version2Exchange {
    private static final int KEY = 0;

    private final Preamble ours;

    Version2Client(Authentication authentication, byte[] binding) {
        super(authentication, "the server", Preamble.SERVER, binding);
        ours = ours(Preamble.CLIENT, authentication.keys().ids().get(KEY).getBytes(UTF_8));
    }

    @Override
    void begin() {
        send(ours.encode());
        expect("the server's preamble", 1, first -> {
            if (first[0] == REFUSED) {
                throw refusal("the server refused this client's preamble; check that both ends use the same release");
            }
            expectPreamble(first);
        });
    }

    @Override
    void preamble(Preamble theirs) throws AuthenticationException {
        if (!Arrays.equals(theirs.keyId(), ours.keyId())) {
            throw refusal("the server answered with another key id than " + keyId() + "; it breaks the protocol");
        }
        if (!sameWidth(theirs)) {
            throw refusal(otherWidth(theirs));
        }
        send(clientProof(KEY, ours.encode(), theirs.encode()));
        expect("the server's verdict", 1, status -> {
            if (status[0] != ACCEPTED) {
                throw refusal("the server refused key id " + keyId() + "; check that it has the same key under this id,"
                        + " and that nothing between the two ends terminates TLS");
            }
            expect("the server's proof", Hmac.SHA_512.bytes(), proof -> judge(proof, theirs));
        });
    }

    private void judge(byte[] proof, Preamble theirs) throws AuthenticationException {
        if (!MessageDigest.isEqual(serverProof(KEY, ours.encode(), theirs.encode()), proof)) {
            throw refusal(
                    "the server did not prove that it has key id " + keyId() + "; it is not the one it should be");
        }
        agree(KEY, theirs);
    }

    private String keyId() {
        return "\"" + authentication.keys().ids().get(KEY) + "\"";
    }
}
