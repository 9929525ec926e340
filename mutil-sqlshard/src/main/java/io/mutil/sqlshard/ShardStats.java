package io.mutil.sqlshard;

/**
 * Counters of one shard since the store was opened.
 *
 * @param shard its number, 0 is the first
 * @param reads how often a connection was borrowed to read
 * @param commits transactions that were committed; rows per commit tell how well writes share them
 * @param rows rows that those were to put or remove
 * @param conflicts computations and transactions that were run again because a row had changed
 * @param failures transactions that failed for good; not those whose puts are kept and tried again, see
 *     {@link Durability#behind}
 * @param queued rows that wait for the writer now
 * @param damaged whether it was left out when the store was opened, see {@link SqlShardBuilder#allowDamagedShards}
 */
public record ShardStats(
        int shard, long reads, long commits, long rows, long conflicts, long failures, int queued, boolean damaged) {
    static ShardStats damaged(int shard) {
        return new ShardStats(shard, 0, 0, 0, 0, 0, 0, true);
    }
}
