package io.mutil.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What either end of {@link Handshake#VERSION_2} announces before the proofs; these bytes are part of both proofs.
 *
 * <p>Magic {@code MUTL}, version, algorithm, role, header width, each one byte; the longest payload, eight bytes,
 * little-endian; the length of the key id, one byte; the key id; the nonce.
 */
final class Preamble {
    static final byte[] MAGIC = "MUTL".getBytes(US_ASCII);
    static final byte VERSION = 2;
    static final byte HMAC_SHA_512 = 1;
    static final byte CLIENT = 1;
    static final byte SERVER = 2;
    static final int NONCE_BYTES = 32;

    /** Of the part behind the magic whose length does not depend on anything. */
    static final int HEAD_BYTES = 13;

    private final byte role;
    private final int headerBytes;
    private final long maxPayload;
    private final byte[] keyId;
    private final byte[] nonce;

    Preamble(byte role, int headerBytes, long maxPayload, byte[] keyId, byte[] nonce) {
        this.role = role;
        this.headerBytes = headerBytes;
        this.maxPayload = maxPayload;
        this.keyId = keyId;
        this.nonce = nonce;
    }

    int headerBytes() {
        return headerBytes;
    }

    long maxPayload() {
        return maxPayload;
    }

    byte[] keyId() {
        return keyId;
    }

    byte[] encode() {
        return ByteBuffer.allocate(MAGIC.length + HEAD_BYTES + keyId.length + nonce.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .put(VERSION)
                .put(HMAC_SHA_512)
                .put(role)
                .put((byte) headerBytes)
                .putLong(maxPayload)
                .put((byte) keyId.length)
                .put(keyId)
                .put(nonce)
                .array();
    }

    /**
     * Checks the part behind the magic as far as it can be checked alone.
     *
     * @param peer "the server" or "the client"
     * @param role that the peer must have
     * @return the length of what is still missing
     */
    static int remaining(byte[] head, String peer, byte role) throws AuthenticationException {
        requireEqual(peer, "handshake version", head[0], VERSION);
        requireEqual(peer, "algorithm", head[1], HMAC_SHA_512);
        requireEqual(peer, "role", head[2], role);
        int idBytes = Byte.toUnsignedInt(head[HEAD_BYTES - 1]);
        if (idBytes < 1 || idBytes > Keys.MAX_ID_BYTES) {
            throw new AuthenticationException(
                    peer + " announced a key id of " + idBytes + " bytes, it must be from 1 to " + Keys.MAX_ID_BYTES);
        }
        return idBytes + NONCE_BYTES;
    }

    private static void requireEqual(String peer, String what, byte actual, byte expected)
            throws AuthenticationException {
        if (actual != expected) {
            throw new AuthenticationException(
                    peer + " announced " + what + " " + Byte.toUnsignedInt(actual) + ", this end" + " needs " + expected
                            + "; check that both ends use the same release and that one is a client");
        }
    }

    /** Reads what {@link #remaining} has accepted. */
    static Preamble decode(byte[] head, byte[] rest, String peer) throws AuthenticationException {
        ByteBuffer in = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        byte role = in.get(2);
        int headerBytes = Byte.toUnsignedInt(in.get(3));
        long maxPayload = in.getLong(4);
        if (maxPayload < 1) {
            throw new AuthenticationException(peer + " announced a longest payload of "
                    + Long.toUnsignedString(maxPayload) + " bytes, it must be from 1 to " + Long.MAX_VALUE);
        }
        ByteBuffer tail = ByteBuffer.wrap(rest);
        byte[] keyId = new byte[rest.length - NONCE_BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        tail.get(keyId).get(nonce);
        return new Preamble(role, headerBytes, maxPayload, keyId, nonce);
    }
}
