package io.mutil.sqlshard;

import org.jspecify.annotations.Nullable;

/** What the caller wants a store to be; null where any will do. */
record Requested(
        @Nullable Integer shards,
        @Nullable Integer keyLength,
        @Nullable Integer shardIndex,
        boolean adopt,
        boolean allowDamaged) {

    /** The shape of a store that does not exist yet. */
    StoreShape forNew() {
        int parts = or(keyLength, StoreShape.DEFAULT_KEY_LENGTH);
        int index = or(shardIndex, 0);
        if (index >= parts) {
            throw new IllegalArgumentException(
                    "keys have " + parts + " parts, so there is no part " + index + "; choose a shardIndex below that");
        }
        return new StoreShape(or(shards, StoreShape.DEFAULT_SHARDS), parts, index);
    }

    static int or(@Nullable Integer wanted, int otherwise) {
        return wanted == null ? otherwise : wanted;
    }
}
