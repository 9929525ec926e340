package io.mutil.timer;

/**
 * After how many steps to look at the clock again: as many as take about 50 microseconds.
 *
 * <p>A look costs some tens of nanoseconds, so this is far below a percent of the time; and where a stream slows down at once, say
 * from a million steps a second to a thousand, the clock is still looked at after fifty of the slow ones. Not thread-safe.
 */
final class Pace {
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
        stride = Math.max(1, Math.min(fitting, stride * LARGEST_GROWTH));
        lastTime = now;
        lastCount = count;
        return Sums.saturated(count, (long) stride);
    }
}
