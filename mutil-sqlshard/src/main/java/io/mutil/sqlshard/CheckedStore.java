package io.mutil.sqlshard;

import java.util.Map;

/**
 * What the files of a store turned out to be.
 *
 * @param damaged shards that cannot be used, and why; empty unless such were allowed
 */
record CheckedStore(StoreShape shape, Map<Integer, ShardFileException> damaged) {
    CheckedStore {
        damaged = Map.copyOf(damaged);
    }
}
