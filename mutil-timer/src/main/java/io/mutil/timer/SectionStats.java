package io.mutil.timer;

import java.time.Duration;

/**
 * What came of the sections of one path so far. Sections that failed count like others; those still open do not count.
 *
 * @param path names from the outermost on, such as {@code load/parse}; two sections may have the same if a name has a {@code /} of its
 *     own
 * @param name the last of them
 * @param depth how many sections are around it
 * @param count how often it ended
 * @param failed how often it failed or was cancelled
 * @param total time of all of them, in parallel or not
 * @param mean time of one, zero if none has ended
 * @param p50 time that half of them took at most; like the other quantiles at most 0.8% off
 * @param p90 time that 90% of them took at most
 * @param p99 time that 99% of them took at most
 * @param max the longest, exact
 * @param share of the total time of the section around it, or for an outermost one of all the outermost; above 1 where sections
 *     inside one run in parallel, 0 while the one around has not ended once
 */
public record SectionStats(
        String path,
        String name,
        int depth,
        long count,
        long failed,
        Duration total,
        Duration mean,
        Duration p50,
        Duration p90,
        Duration p99,
        Duration max,
        double share) {}
