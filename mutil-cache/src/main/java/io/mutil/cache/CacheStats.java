package io.mutil.cache;

/**
 * Figures since the cache was opened, and what it holds now.
 *
 * @param memoryHits fresh answers from memory
 * @param diskHits fresh answers from the disk
 * @param negativeHits calls that failed at once because a refusal is remembered
 * @param staleAnswers answers that were due
 * @param misses calls that waited for a fetch
 * @param joins misses that found it under way
 * @param fetches how often an origin was asked
 * @param revalidations fetches that confirmed what was stored
 * @param failures fetches without a good answer, refusals included
 * @param unkept good answers that the disk could not keep
 * @param diskFailures operations that failed on the disk
 * @param damaged entries on the disk that could not be trusted
 * @param evicted entries that left the disk for others
 * @param memoryBytes held in memory, with an estimate of what it takes to hold them
 * @param memoryEntries held in memory
 * @param diskBytes held on the disk
 * @param diskEntries held on the disk
 * @param fetching fetches under way or waiting for their turn
 * @param waiting calls that wait
 */
public record CacheStats(
        long memoryHits,
        long diskHits,
        long negativeHits,
        long staleAnswers,
        long misses,
        long joins,
        long fetches,
        long revalidations,
        long failures,
        long unkept,
        long diskFailures,
        long damaged,
        long evicted,
        long memoryBytes,
        long memoryEntries,
        long diskBytes,
        long diskEntries,
        int fetching,
        int waiting) {}
