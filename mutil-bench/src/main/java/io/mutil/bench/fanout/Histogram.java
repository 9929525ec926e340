package io.mutil.bench.fanout;

import io.mutil.bench.Percentiles;

/** Counts durations in buckets that are at most a 64th wide, whatever the duration. For one thread at a time. */
final class Histogram {
    private static final int BITS = 6;
    private static final int SUB_BUCKETS = 1 << BITS;
    private static final double NANOS_PER_MILLI = 1e6;

    private final long[] counts = new long[(Long.SIZE - BITS) * SUB_BUCKETS];
    private long total;
    private long max;

    /** A negative duration counts as none. */
    void add(long nanos) {
        long duration = Math.max(0, nanos);
        counts[bucket(duration)]++;
        total++;
        max = Math.max(max, duration);
    }

    void addAll(Histogram other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
        max = Math.max(max, other.max);
    }

    /** By nearest rank, each rounded up to the end of its bucket; NaN if there is none. */
    Percentiles percentiles() {
        return new Percentiles(rank(0.5), rank(0.9), rank(0.99), rank(0.999), rank(1));
    }

    private double rank(double share) {
        if (total == 0) {
            return Double.NaN;
        }
        long left = (long) Math.ceil(share * total);
        int bucket = 0;
        while ((left -= counts[bucket]) > 0) {
            bucket++;
        }
        return Math.min(max, end(bucket)) / NANOS_PER_MILLI;
    }

    private static int bucket(long duration) {
        int shift = shift(duration);
        return shift * SUB_BUCKETS + (int) (duration >>> shift);
    }

    private static int shift(long duration) {
        return Math.max(0, Long.SIZE - BITS - 1 - Long.numberOfLeadingZeros(duration));
    }

    /** The longest duration of a bucket; the first two rows of buckets are one nanosecond wide. */
    private static long end(int bucket) {
        int shift = Math.max(0, bucket / SUB_BUCKETS - 1);
        return ((bucket - (long) shift * SUB_BUCKETS + 1) << shift) - 1;
    }
}
