package io.mutil.sqlshard;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Counters of a store since it was opened.
 *
 * @param shards one entry a shard, in their order
 */
public record StoreStats(List<ShardStats> shards) {
    /** Takes a copy. */
    public StoreStats {
        shards = List.copyOf(shards);
    }

    /**
     * One counter over all shards.
     *
     * <pre>{@code
     * long written = store.stats().total(ShardStats::rows);
     * }</pre>
     */
    public long total(ToLongFunction<ShardStats> counter) {
        return shards.stream().mapToLong(counter).sum();
    }
}
