package io.mutil.sqlshard;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@link SqlShard#check} has found in one file.
 *
 * @param shard its number, 0 is the first
 * @param file the file
 * @param rows how many rows were looked at
 * @param problems what is wrong, for people to read, without keys or values; at most 100, then one that says that there are
 *     more; none if all is well
 */
public record ShardReport(int shard, Path file, long rows, List<String> problems) {
    /** Takes a copy. */
    public ShardReport {
        problems = List.copyOf(problems);
    }

    /** Whether it has no problem. */
    public boolean isSound() {
        return problems.isEmpty();
    }
}
