package io.mutil.sqlshard;

import java.util.List;

/**
 * What {@link SqlShard#check} has found.
 *
 * @param shards one entry a shard, in their order
 */
public record StoreReport(List<ShardReport> shards) {
    /** Takes a copy. */
    public StoreReport {
        shards = List.copyOf(shards);
    }

    /** Whether no shard has a problem. */
    public boolean isSound() {
        return shards.stream().allMatch(ShardReport::isSound);
    }

    /** One line for each problem, with its file. */
    @Override
    public String toString() {
        var text =
                new StringBuilder("StoreReport[" + shards.size() + " shards, " + (isSound() ? "sound]" : "problems:"));
        for (ShardReport shard : shards) {
            shard.problems()
                    .forEach(problem -> text.append("\n  ")
                            .append(shard.file())
                            .append(": ")
                            .append(problem));
        }
        return isSound() ? text.toString() : text.append(']').toString();
    }
}
