package io.mutil.timer;

/**
 * After how many steps to look at the clock again: as many as take about 50 microseconds, but no more than 256 calls make.
 *
 * <p>A look costs some tens of nanoseconds, so this is far below a percent of the time, or a tenth of a nanosecond for each call; and
 * where a stream slows down for good the clock is still looked at after a few hundred of the slow calls. Not thread-safe.
 */
final class Pace {
    static final int LARGEST_CALLS = 256;

    private static final double BETWEEN_NANOS = 50_000;
    /** A burst says little about what follows it. */
    private static final double LARGEST_GROWTH = 4;

    private long lastTime;
    private long lastCount;
    private double stride = 1;

    Pace(long started) {
        lastTime = started;
    }

    /**
     * The count at which to look again, above the one now.
     *
     * @param steps those of one call, as which the next ones are taken to be
     */
    long next(long count, long steps, long now) {
        double passed = Math.max(1, now - lastTime);
        double fitting = (count - lastCount) * BETWEEN_NANOS / passed;
        double most = (double) LARGEST_CALLS * Math.max(1, steps);
        stride = Math.max(1, Math.min(fitting, Math.min(most, stride * LARGEST_GROWTH)));
        lastTime = now;
        lastCount = count;
        return Sums.saturated(count, (long) stride);
    }
}
