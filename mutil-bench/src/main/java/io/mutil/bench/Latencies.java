package io.mutil.bench;

import java.util.Arrays;

/**
 * How long each of a series of numbers took from the moment it was due. Each number is written by one thread, and read when
 * that thread has handed over.
 */
final class Latencies {
    private static final long MISSING = Long.MAX_VALUE;

    private long[] nanos = new long[0];
    private long first;
    private long start;
    private long period;

    void expect(long first, int count, long start, long period) {
        this.first = first;
        this.start = start;
        this.period = period;
        nanos = new long[count];
        Arrays.fill(nanos, MISSING);
    }

    /** Ignores what was not expected; the {@link Checklist} counts that. */
    void arrived(long number, long now) {
        long place = number - first;
        if (place >= 0 && place < nanos.length) {
            nanos[(int) place] = now - (start + place * period);
        }
    }

    /** Of those that arrived. */
    Percentiles percentiles() {
        return Percentiles.ofNanos(
                Arrays.stream(nanos).filter(n -> n != MISSING).toArray());
    }
}
