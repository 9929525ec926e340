package io.mutil.ratelimit;

import java.util.Arrays;

/** Permits to come, behind those of a sliding window, without a copy of it. Good until the book changes. */
final class SlidingPlan implements Plan {
    private final SlidingBook book;
    private long[] times = new long[8];
    /** How many permits were planned up to and including each time. */
    private long[] totals = new long[8];

    private int runs;

    SlidingPlan(SlidingBook book) {
        this.book = book;
    }

    private long planned() {
        return runs == 0 ? 0 : totals[runs - 1];
    }

    @Override
    public long roomAt(long earliest, int permits) {
        long over = book.size() + planned() + permits - book.limit();
        return over <= 0 ? earliest : Math.max(earliest, Ticks.saturatedSum(time(over - 1), book.span()));
    }

    private long time(long index) {
        if (index < book.size()) {
            return book.time(index);
        }
        int run = Arrays.binarySearch(totals, 0, runs, index - book.size() + 1);
        return times[run >= 0 ? run : -run - 1];
    }

    @Override
    public void count(long at, int permits) {
        if (runs == times.length) {
            times = Arrays.copyOf(times, runs * 2);
            totals = Arrays.copyOf(totals, runs * 2);
        }
        totals[runs] = planned() + permits;
        times[runs++] = at;
    }
}
