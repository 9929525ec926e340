package io.mutil.awssig;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * SHA-256 that has seen some bytes already. Any number of hashes start from it, in any thread: a copy of a state is
 * cheaper than to ask the security providers, and than to hash the pads of an HMAC again.
 */
final class Sha256 {
    /** The hash of no bytes, in hex. */
    static final String OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    static final int LENGTH = 32;
    private static final Sha256 FRESH = new Sha256(new byte[0], Sha256::create);

    private final byte[] seen;
    private final Supplier<MessageDigest> provider;
    private final MessageDigest state;

    Sha256(byte[] seen, Supplier<MessageDigest> provider) {
        this(seen, provider, provider.get());
        state.update(seen);
    }

    private Sha256(byte[] seen, Supplier<MessageDigest> provider, MessageDigest state) {
        this.seen = seen;
        this.provider = provider;
        this.state = state;
    }

    static Sha256 after(byte[] seen) {
        return new Sha256(seen, Sha256::create);
    }

    private static MessageDigest create() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256, this one has not", e);
        }
    }

    static MessageDigest fresh() {
        return FRESH.start();
    }

    static byte[] of(byte[] bytes, int from, int length) {
        MessageDigest digest = fresh();
        digest.update(bytes, from, length);
        return digest.digest();
    }

    static String hexOf(byte[] bytes) {
        return hex(of(bytes, 0, bytes.length));
    }

    static String hex(byte[] digest) {
        return new Text(2 * digest.length).addHex(digest).ascii();
    }

    /** One that has seen more. */
    Sha256 and(byte[] more) {
        byte[] all = Arrays.copyOf(seen, seen.length + more.length);
        System.arraycopy(more, 0, all, seen.length, more.length);
        MessageDigest further = start();
        further.update(more);
        return new Sha256(all, provider, further);
    }

    MessageDigest start() {
        try {
            return (MessageDigest) state.clone();
        } catch (CloneNotSupportedException e) { // some providers' digests live outside the heap
            MessageDigest digest = provider.get();
            digest.update(seen);
            return digest;
        }
    }
}
