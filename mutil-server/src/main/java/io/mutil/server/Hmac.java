package io.mutil.server;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The keyed hashes of the handshakes. */
enum Hmac {
    MD5("HmacMD5", 16),
    SHA_256("HmacSHA256", 32),
    SHA_384("HmacSHA384", 48),
    SHA_512("HmacSHA512", 64),
    SHA3_256("HmacSHA3-256", 32),
    SHA3_384("HmacSHA3-384", 48),
    BLAKE2B("HMAC-BLAKE2b-512", 64);

    private final String algorithm;
    private final int bytes;

    Hmac(String algorithm, int bytes) {
        this.algorithm = algorithm;
        this.bytes = bytes;
    }

    /** The length of a result. */
    int bytes() {
        return bytes;
    }

    /** @throws IllegalStateException if this JVM has no such hash */
    byte[] compute(byte[] key, byte[]... message) {
        if (this == BLAKE2B) {
            return Blake2b.hmac(key, message);
        }
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            for (byte[] part : message) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM does not compute " + algorithm + "; use Handshake.VERSION_2", e);
        }
    }
}
