package io.mutil.sqlshard;

import org.jspecify.annotations.Nullable;

/** What the caller wants a store to be; null where any will do. */
record Requested(
        @Nullable Integer shards,
        @Nullable Integer keyLength,
        @Nullable Integer shardIndex,
        boolean adopt) {

    /** The shape of a store that does not exist yet. */
    StoreShape forNew() {
        return new StoreShape(
                or(shards, StoreShape.DEFAULT_SHARDS), or(keyLength, StoreShape.DEFAULT_KEY_LENGTH), or(shardIndex, 0));
    }

    static int or(@Nullable Integer wanted, int otherwise) {
        return wanted == null ? otherwise : wanted;
    }
}
