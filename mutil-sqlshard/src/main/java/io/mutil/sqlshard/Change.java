package io.mutil.sqlshard;

import org.jspecify.annotations.Nullable;

/** A key with the data of its row, or without a row; as something to be, or as something that is. */
final class Change {
    /** What the objects around a key and its data take, roughly. */
    private static final int OVERHEAD = 128;
    /** Of SQLite, less what the row takes beside its data. */
    private static final int LARGEST = 999_000_000;

    private final ShardKey key;
    private final byte @Nullable [] data;

    Change(ShardKey key, byte @Nullable [] data) {
        this.key = key;
        this.data = data;
        if (data != null && key.bytes() + data.length > LARGEST) {
            throw new IllegalArgumentException("row of " + (key.bytes() + data.length) + " bytes, its key included,"
                    + " exceeds the " + LARGEST + " that SQLite can hold; store it in parts");
        }
    }

    ShardKey key() {
        return key;
    }

    /** Null if there is, or is to be, no row. */
    byte @Nullable [] data() {
        return data;
    }

    /** Bytes of memory, roughly. */
    long size() {
        return OVERHEAD + key.bytes() + (data == null ? 0L : data.length);
    }
}
