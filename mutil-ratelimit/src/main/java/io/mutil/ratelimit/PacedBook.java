package io.mutil.ratelimit;

/**
 * Permits at an even pace, after the generic cell rate algorithm (ITU-T I.371): one number, the time at which all
 * permits would be paid for. A permit costs {@code per / permits}; up to {@code burst} of them may be owed.
 *
 * <p>The number is exact: whole nanoseconds and a part in units of {@code 1 / permits}.
 */
final class PacedBook extends Book {
    private static final long LONG_AGO = Long.MIN_VALUE / 4;

    private final int permits;
    private final int burst;
    private final long margin;
    private final long wholeEach;
    private final long partEach;

    private long whole = LONG_AGO;
    private long part;
    /** Since when something was owed all the time. */
    private long since = LONG_AGO;
    /** The least that was owed when a permit was added since then: more than that cannot be given back. */
    private long slack;

    PacedBook(Rule.Paced rule, long margin) {
        long per = rule.per().toNanos();
        permits = rule.permits();
        burst = rule.burst();
        this.margin = margin;
        wholeEach = per / permits;
        partEach = per % permits;
    }

    private PacedBook(PacedBook other) {
        permits = other.permits;
        burst = other.burst;
        margin = other.margin;
        wholeEach = other.wholeEach;
        partEach = other.partEach;
        whole = other.whole;
        part = other.part;
        since = other.since;
        slack = other.slack;
    }

    @Override
    public long roomAt(long earliest, int wanted) {
        long spare = (long) burst - wanted;
        long partsUp = -Math.floorDiv(spare * partEach - part, permits);
        return Math.max(earliest, Ticks.saturatedSum(whole - spare * wholeEach, partsUp + margin));
    }

    @Override
    public void count(long at, int wanted) {
        if (whole < at || (whole == at && part == 0)) {
            whole = at;
            part = 0;
            since = at;
            slack = Long.MAX_VALUE;
        } else {
            slack = Math.min(slack, whole - at);
        }
        long parts = part + wanted * partEach;
        whole = Ticks.saturatedSum(whole, Ticks.saturatedSum(costOf(wanted), parts / permits));
        part = parts % permits;
    }

    /** More than a burst is counted where permits were had by other rules. */
    private long costOf(int wanted) {
        return wholeEach > Long.MAX_VALUE / wanted ? Long.MAX_VALUE : wanted * wholeEach;
    }

    @Override
    int most() {
        return burst;
    }

    @Override
    int available(long now) {
        int low = 0;
        int high = burst;
        while (low < high) {
            int middle = (int) (((long) low + high + 1) >>> 1);
            if (roomAt(now, middle) <= now) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    @Override
    int known(long now) {
        return burst - available(now);
    }

    @Override
    void replay(long now, Book into) {
        int owed = Math.min(known(now), into.most());
        if (owed > 0) {
            into.count(now, owed);
        }
    }

    @Override
    void uncount(long now, long at, int wanted) {
        refund(now, at, wanted);
    }

    /**
     * Owes less, but never less than without the permits that were not used: where the pace had caught up with some of
     * them before the next came, nothing of that is given back.
     */
    @Override
    void refund(long now, long about, int wanted) {
        if (about < since || whole <= now) {
            return;
        }
        // no more than a burst was ever owed
        int owed = Math.min(wanted, burst);
        long cost = owed * wholeEach + owed * partEach / permits;
        long back = Math.min(cost, Math.min(slack, whole - now));
        whole -= back;
        slack = slack == Long.MAX_VALUE ? slack : slack - back;
    }

    @Override
    long emptyAt() {
        return Ticks.saturatedSum(whole, margin + 1);
    }

    @Override
    Plan plan() {
        return new PacedBook(this);
    }
}
