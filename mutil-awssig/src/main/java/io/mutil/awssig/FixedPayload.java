package io.mutil.awssig;

import java.util.Locale;

/** A body that is known by its hash, or by a word instead. */
final class FixedPayload extends Payload {
    static final String UNSIGNED_HASH = "UNSIGNED-PAYLOAD";
    static final FixedPayload EMPTY = new FixedPayload(Sha256.OF_NOTHING);
    static final FixedPayload UNSIGNED = new FixedPayload(UNSIGNED_HASH);

    private final String hash;

    FixedPayload(String hash) {
        this.hash = hash;
    }

    /** The payload that a header {@code x-amz-content-sha256} names. */
    static FixedPayload named(String header) {
        String value = header.strip();
        if (value.startsWith("STREAMING-")) {
            throw new IllegalArgumentException(
                    "x-amz-content-sha256 says that the body comes in chunks; leave the header out, and sign by headers"
                            + " with Payload.chunked");
        }
        return value.equals(UNSIGNED_HASH) ? UNSIGNED : new FixedPayload(checked(value));
    }

    static String checked(String hex) {
        if (hex.length() != 2 * Sha256.LENGTH || !hex.chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0)) {
            throw new IllegalArgumentException("a SHA-256 is 64 hexadecimal digits, was \"" + hex + "\"");
        }
        return hex.toLowerCase(Locale.ROOT);
    }

    @Override
    String hash() {
        return hash;
    }

    @Override
    public String toString() {
        return "Payload[" + hash + "]";
    }
}
