package io.mutil.sqlshard;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.StringJoiner;

/**
 * A key of one or more parts, each bytes, text, an integer or a real number.
 *
 * <p>Keys compare as SQLite compares their columns, part by part: numbers before text before bytes; numbers by value,
 * so that {@code 1L} and {@code 1.0} are the same part; text by code points; bytes unsigned. A key that another one
 * begins with comes before it.
 *
 * <p>Immutable and safe for many threads.
 *
 * <pre>{@code
 * ShardKey key = ShardKey.of("IBM", 1_700_000_000L, "bid");
 * String symbol = (String) key.part(0);
 * }</pre>
 */
public final class ShardKey implements Comparable<ShardKey> {
    private final Object[] parts;
    private final int hash;

    private ShardKey(Object[] parts) {
        this.parts = parts;
        this.hash = KeyOrder.hash(parts);
    }

    /**
     * A key of these parts.
     *
     * @param parts at least one, each a {@code byte[]}, which is copied, a {@code String}, a {@code Long}, {@code Integer},
     *     {@code Short} or {@code Byte}, or a {@code Double} or {@code Float}
     * @throws IllegalArgumentException if there is no part, or one is null, of another type, not a number, or text with half a
     *     surrogate pair, which has no UTF-8
     */
    public static ShardKey of(Object... parts) {
        if (parts.length == 0) {
            throw new IllegalArgumentException("a key needs at least one part, had none");
        }
        var checked = new Object[parts.length];
        for (int i = 0; i < parts.length; i++) {
            checked[i] = KeyPart.checked(parts[i], i);
        }
        return new ShardKey(checked);
    }

    /** Number of parts. */
    public int length() {
        return parts.length;
    }

    /**
     * One part, as {@code byte[]}, {@code String}, {@code Long} or {@code Double}; bytes are a copy.
     *
     * @param index 0 is the first
     * @throws IndexOutOfBoundsException if there is no such part
     */
    public Object part(int index) {
        Object part = parts[index];
        return part instanceof byte[] bytes ? bytes.clone() : part;
    }

    /** The part itself, for those who do not change it. */
    Object raw(int index) {
        return parts[index];
    }

    /** What its parts take in a file, roughly. */
    long bytes() {
        long bytes = 0;
        for (Object part : parts) {
            bytes += KeyPart.bytes(part);
        }
        return bytes;
    }

    @Override
    public int compareTo(ShardKey other) {
        int common = Math.min(parts.length, other.parts.length);
        for (int i = 0; i < common; i++) {
            int order = KeyOrder.compare(parts[i], other.parts[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(parts.length, other.parts.length);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof ShardKey key && hash == key.hash && compareTo(key) == 0);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The parts in parentheses, bytes as hexadecimal digits. */
    @Override
    public String toString() {
        var text = new StringJoiner(", ", "(", ")");
        Arrays.stream(parts).map(ShardKey::shown).forEach(text::add);
        return text.toString();
    }

    private static String shown(Object part) {
        if (part instanceof byte[] bytes) {
            return "x'" + HexFormat.of().formatHex(bytes) + "'";
        }
        return part instanceof String text ? '"' + text + '"' : part.toString();
    }
}
