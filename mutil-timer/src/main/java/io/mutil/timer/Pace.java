package io.mutil.timer;

/**
 * After how many steps to look at the clock again: as many as take about 50 microseconds, but no more than 256.
 *
 * <p>A look costs some tens of nanoseconds, so this is far below a percent of the time, or a tenth of a nanosecond for each step; and
 * where a stream slows down for good the clock is still looked at after a few hundred of the slow ones. Not thread-safe.
 */
final class Pace {
    static final int LARGEST = 256;

    private static final double BETWEEN_NANOS = 50_000;
    /** A burst says little about what follows it. */
    private static final double LARGEST_GROWTH = 4;

    private long lastTime;
    private long lastCount;
    private double stride = 1;

    Pace(long started) {
        lastTime = started;
    }

    /** The count at which to look again, above the one now. */
    long next(long count, long now) {
        double passed = Math.max(1, now - lastTime);
        double fitting = (count - lastCount) * BETWEEN_NANOS / passed;
        stride = Math.max(1, Math.min(fitting, Math.min(LARGEST, stride * LARGEST_GROWTH)));
        lastTime = now;
        lastCount = count;
        return Sums.saturated(count, (long) stride);
    }
}
