package io.mutil.sqlshard;

/** What decides where a key is kept. */
record StoreShape(int shards, int keyLength, int shardIndex) {
    static final int DEFAULT_SHARDS = 16;
    static final int DEFAULT_KEY_LENGTH = 3;
    static final int MAX_SHARDS = 1024;
    static final int MAX_KEY_LENGTH = 16;

    /** Whether there can be such a store. */
    boolean isPossible() {
        return isIn(shards, 1, MAX_SHARDS) && isIn(keyLength, 1, MAX_KEY_LENGTH) && isIn(shardIndex, 0, keyLength - 1);
    }

    private static boolean isIn(int value, int from, int to) {
        return value >= from && value <= to;
    }

    /** Where a key belongs. */
    int shardOf(ShardKey key) {
        if (key.length() != keyLength) {
            throw new IllegalArgumentException("key has " + key.length() + " parts, but keys of this store have "
                    + keyLength + "; add or leave out parts");
        }
        return shardOfPart(key.raw(shardIndex));
    }

    int shardOfPart(Object part) {
        return KeyPart.shard(part, shards);
    }
}
