package io.mutil.sqlshard;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.Adler32;
import org.jspecify.annotations.Nullable;

/** One part of a key: its type, and the shard it leads to. */
final class KeyPart {
    private KeyPart() {}

    /** The part as it is kept: bytes are copied, numbers are long or double. */
    static Object checked(@Nullable Object part, int index) {
        if (part instanceof String text) {
            return wellFormed(text, index);
        }
        if (part instanceof Long || part instanceof Integer || part instanceof Short || part instanceof Byte) {
            return ((Number) part).longValue();
        }
        if (part instanceof Double || part instanceof Float) {
            return number(((Number) part).doubleValue(), index);
        }
        if (part instanceof byte[] bytes) {
            return bytes.clone();
        }
        String type = part == null ? "null" : part.getClass().getName();
        throw new IllegalArgumentException(
                "part " + index + " of a key is " + type + "; use byte[], String, Long or Double");
    }

    private static Double number(double value, int index) {
        if (Double.isNaN(value)) {
            throw new IllegalArgumentException("part " + index + " of a key is NaN, which SQLite keeps as null;"
                    + " use a number or another type");
        }
        return value;
    }

    private static String wellFormed(String text, int index) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int point = text.codePointAt(i);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException("part " + index + " of a key has half a surrogate pair at " + i
                        + ", which has no UTF-8; use whole characters, or bytes");
            }
        }
        return text;
    }

    /** What it takes in a file, at most. */
    static long bytes(Object part) {
        if (part instanceof byte[] bytes) {
            return bytes.length;
        }
        return part instanceof String text ? utf8(text) : Long.BYTES;
    }

    private static long utf8(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // half of a pair is two of its four bytes
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    /** The shard of a key with this part. */
    static int shard(Object part, int shards) {
        var adler = new Adler32();
        adler.update(hashed(part));
        return (int) (adler.getValue() % shards);
    }

    /**
     * What is hashed. Equal parts must give equal bytes, in every version of Java: so a real number is hashed as the integer
     * that it equals, or else by its bits, as its decimal form is not the same in all versions.
     */
    private static byte[] hashed(Object part) {
        if (part instanceof byte[] bytes) {
            return bytes;
        }
        if (part instanceof Double real) {
            return KeyOrder.isLong(real)
                    ? decimal(real.longValue())
                    : ByteBuffer.allocate(Double.BYTES).putDouble(real).array();
        }
        return part instanceof Long number ? decimal(number) : ((String) part).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] decimal(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }
}
