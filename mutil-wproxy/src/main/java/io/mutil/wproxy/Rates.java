package io.mutil.wproxy;

/** How fast two counters go, over the last ten samples. For one thread that samples, and any that ask. */
final class Rates {
    private static final int SAMPLES = 11;

    private final long[] times = new long[SAMPLES];
    private final long[] first = new long[SAMPLES];
    private final long[] second = new long[SAMPLES];
    private int count;
    private volatile double firstPerSecond;
    private volatile double secondPerSecond;

    void sample(long nanos, long firstCount, long secondCount) {
        int now = count % SAMPLES;
        times[now] = nanos;
        first[now] = firstCount;
        second[now] = secondCount;
        int oldest = count < SAMPLES ? 0 : (count + 1) % SAMPLES;
        count = count + 1 < 2 * SAMPLES ? count + 1 : count + 1 - SAMPLES;
        double seconds = (nanos - times[oldest]) / 1e9;
        if (seconds > 0) {
            firstPerSecond = (firstCount - first[oldest]) / seconds;
            secondPerSecond = (secondCount - second[oldest]) / seconds;
        }
    }

    double firstPerSecond() {
        return firstPerSecond;
    }

    double secondPerSecond() {
        return secondPerSecond;
    }
}
