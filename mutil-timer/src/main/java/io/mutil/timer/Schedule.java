package io.mutil.timer;

/**
 * When a report is due: at each multiple of a count, and whenever a time is up, but never sooner than allowed. A count that is
 * passed too soon is left out; a time that is up too soon is due as soon as it may be. Not thread-safe.
 */
final class Schedule {
    private final long everyCount;
    private final long everyNanos;
    private final long apartNanos;
    private final long slowerNanos;
    private final long started;
    private long nextCount;
    private long nextTime;
    private long lastReport;

    /**
     * Begins.
     *
     * @param everyCount zero, as the next two, for a rule that there is not
     * @param slowerNanos negative if reports need not wait until the section is slow
     */
    Schedule(long everyCount, long everyNanos, long apartNanos, long slowerNanos, long started) {
        this.everyCount = everyCount;
        this.everyNanos = everyNanos;
        this.apartNanos = apartNanos;
        this.slowerNanos = slowerNanos;
        this.started = started;
        nextCount = everyCount == 0 ? Long.MAX_VALUE : everyCount;
        nextTime = started + everyNanos;
        lastReport = started;
    }

    /** The count at which to look first. */
    long firstCount() {
        return everyNanos > 0 ? 1 : nextCount;
    }

    /**
     * The count at which to look next.
     *
     * @param paced the count at which to look at the clock, if that matters
     */
    long nextLook(long paced, long now) {
        if (isTooSoon(now) && nextCount < paced) {
            // not at each of the multiples that are left out
            nextCount = Sums.multipleFrom(paced, everyCount);
        }
        return everyNanos > 0 ? Math.min(paced, nextCount) : nextCount;
    }

    /** Tells whether a report is due, and if so takes it as made. */
    boolean isDue(long count, long now) {
        boolean isCount = passedCount(count);
        boolean isTime = everyNanos > 0 && now - nextTime >= 0;
        if (!(isCount || isTime) || isTooSoon(now)) {
            return false;
        }
        lastReport = now;
        if (isTime) {
            // times are multiples too, so that who is late once is not late ever after
            nextTime += everyNanos * (1 + (now - nextTime) / everyNanos);
        }
        return true;
    }

    private boolean isTooSoon(long now) {
        return now - lastReport < apartNanos || now - started <= slowerNanos;
    }

    private boolean passedCount(long count) {
        if (everyCount == 0 || count < nextCount) {
            return false;
        }
        nextCount = Sums.multipleAbove(count, everyCount);
        return true;
    }
}
