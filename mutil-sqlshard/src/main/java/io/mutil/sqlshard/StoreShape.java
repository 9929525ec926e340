package io.mutil.sqlshard;

/** What decides where a key is kept. */
record StoreShape(int shards, int keyLength, int shardIndex) {
    static final int DEFAULT_SHARDS = 16;
    static final int DEFAULT_KEY_LENGTH = 3;
    static final int MAX_SHARDS = 1024;
    static final int MAX_KEY_LENGTH = 16;

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
