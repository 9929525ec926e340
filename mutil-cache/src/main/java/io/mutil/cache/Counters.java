package io.mutil.cache;

import java.util.concurrent.atomic.LongAdder;

/** What {@link CacheStats} counts. */
final class Counters {
    final LongAdder memoryHits = new LongAdder();
    final LongAdder diskHits = new LongAdder();
    final LongAdder negativeHits = new LongAdder();
    final LongAdder staleAnswers = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder joins = new LongAdder();
    final LongAdder fetches = new LongAdder();
    final LongAdder revalidations = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder unkept = new LongAdder();

    CacheStats stats(MemoryTier memory, DiskStats disk, int fetching, int waiting) {
        return new CacheStats(
                memoryHits.sum(),
                diskHits.sum(),
                negativeHits.sum(),
                staleAnswers.sum(),
                misses.sum(),
                joins.sum(),
                fetches.sum(),
                revalidations.sum(),
                failures.sum(),
                unkept.sum(),
                disk.failures(),
                disk.damaged(),
                disk.evicted(),
                memory.bytes(),
                memory.entries(),
                disk.bytes(),
                disk.entries(),
                fetching,
                waiting);
    }
}
