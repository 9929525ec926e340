package io.mutil.server;

import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/** HMAC with BLAKE2b-512 from Bouncy Castle, the only class that names that library. */
final class Blake2b {
    private static final String DIGEST = "org.bouncycastle.crypto.digests.Blake2bDigest";

    private Blake2b() {}

    /** @throws IllegalStateException if Bouncy Castle is not there */
    static void require() {
        requirePresent(DIGEST);
    }

    static void requirePresent(String className) {
        try {
            Class.forName(className, false, Blake2b.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "Handshake.LEGACY needs BLAKE2b, which Java lacks; add org.bouncycastle:bcprov-jdk18on to the class"
                            + " path, or to the module path with --add-modules org.bouncycastle.provider",
                    e);
        }
    }

    static byte[] hmac(byte[] key, byte[]... message) {
        var mac = new HMac(new Blake2bDigest(512));
        mac.init(new KeyParameter(key));
        for (byte[] part : message) {
            mac.update(part, 0, part.length);
        }
        byte[] result = new byte[mac.getMacSize()];
        mac.doFinal(result, 0);
        return result;
    }
}
