package io.mutil.cache;

/**
 * What a {@link PersistentMap} has done since it was opened, and what it holds.
 *
 * @param entries how many keys there are
 * @param bytes of all files
 * @param hits reads that were answered from memory
 * @param loads reads that took a file
 * @param misses reads of keys that are not there
 * @param written values that reached the disk, and removals
 * @param coalesced values that were not written because a newer one came first
 * @param pending keys of which a value waits to be written, or is being written
 * @param unwritten keys of which the value could not be written; {@link PersistentMap#flush} tries again
 * @param failures writes that failed
 * @param evicted keys removed because there were too many
 * @param damaged files that could not be trusted, and were deleted
 */
public record MapStats(
        long entries,
        long bytes,
        long hits,
        long loads,
        long misses,
        long written,
        long coalesced,
        long pending,
        long unwritten,
        long failures,
        long evicted,
        long damaged) {}
