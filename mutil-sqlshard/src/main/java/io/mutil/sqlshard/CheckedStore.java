package io.mutil.sqlshard;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a store turned out to be.
 *
 * @param id what its files say; null if they say nothing, as those of the original
 * @param directory which directory it was, see {@link FileTree#identity}
 * @param damaged shards that cannot be used, and why; empty unless such were allowed
 */
record CheckedStore(StoreShape shape, @Nullable String id, Object directory, Map<Integer, ShardFileException> damaged) {
    CheckedStore {
        damaged = Map.copyOf(damaged);
    }
}
