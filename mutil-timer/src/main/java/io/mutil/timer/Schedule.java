package io.mutil.timer;

/**
 * When a report is due: at each multiple of a count, and whenever a time is up, but never sooner after the last one than allowed.
 * Not thread-safe.
 */
final class Schedule {
    private final long everyCount;
    private final long everyNanos;
    private final long apartNanos;
    private long nextCount;
    private long nextTime;
    private long lastReport;

    /** Zero stands for a rule that there is not. */
    Schedule(long everyCount, long everyNanos, long apartNanos, long started) {
        this.everyCount = everyCount;
        this.everyNanos = everyNanos;
        this.apartNanos = apartNanos;
        nextCount = everyCount == 0 ? Long.MAX_VALUE : everyCount;
        nextTime = started + everyNanos;
        lastReport = started;
    }

    boolean readsClock() {
        return everyNanos > 0;
    }

    /** The count at which a report may be due, whatever the time. */
    long nextCount() {
        return nextCount;
    }

    /** Tells whether a report is due, and if so takes it as made. */
    boolean isDue(long count, long now) {
        // both rules move on, whichever it is
        boolean isCount = passedCount(count);
        boolean isTime = passedTime(now);
        if (!(isCount || isTime) || now - lastReport < apartNanos) {
            return false;
        }
        lastReport = now;
        return true;
    }

    private boolean passedCount(long count) {
        if (everyCount == 0 || count < nextCount) {
            return false;
        }
        nextCount = Sums.multipleAbove(count, everyCount);
        return true;
    }

    /** Times are multiples too, so that who is late once is not late ever after. */
    private boolean passedTime(long now) {
        if (everyNanos == 0 || now - nextTime < 0) {
            return false;
        }
        nextTime += everyNanos * (1 + (now - nextTime) / everyNanos);
        return true;
    }
}
