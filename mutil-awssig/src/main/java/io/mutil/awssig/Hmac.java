package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;

/** HMAC-SHA256 (RFC 2104) under one key, whose pads are hashed once. Safe for many threads. */
final class Hmac {
    private static final int BLOCK = 64;
    private static final byte INNER = 0x36;
    private static final byte OUTER = 0x5C;

    private final Sha256 inner;
    private final Sha256 outer;

    private Hmac(Sha256 inner, Sha256 outer) {
        this.inner = inner;
        this.outer = outer;
    }

    Hmac(byte[] key) {
        byte[] block = key.length > BLOCK ? Sha256.of(key, 0, key.length) : key;
        inner = Sha256.after(pad(block, INNER));
        outer = Sha256.after(pad(block, OUTER));
    }

    private static byte[] pad(byte[] key, byte with) {
        byte[] padded = new byte[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            padded[i] = (byte) (i < key.length ? key[i] ^ with : with);
        }
        return padded;
    }

    byte[] sign(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return sign(bytes, 0, bytes.length);
    }

    /** One that has these bytes before all that it signs. */
    Hmac after(byte[] bytes) {
        return new Hmac(inner.and(bytes), outer);
    }

    byte[] sign(byte[] bytes, int from, int length) {
        MessageDigest first = inner.start();
        first.update(bytes, from, length);
        MessageDigest second = outer.start();
        second.update(first.digest());
        return second.digest();
    }
}
