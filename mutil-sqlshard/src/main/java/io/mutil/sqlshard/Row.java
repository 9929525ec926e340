package io.mutil.sqlshard;

import static java.util.Objects.requireNonNull;

/**
 * A key with its value.
 *
 * @param <V> the values
 */
public record Row<V>(ShardKey key, V value) {
    /** Neither may be null. */
    public Row {
        requireNonNull(key, "key");
        requireNonNull(value, "value");
    }
}
