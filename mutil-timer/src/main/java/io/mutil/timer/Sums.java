package io.mutil.timer;

/** Sums that stay at the largest number instead of running over. */
final class Sums {
    private Sums() {}

    /** Of two numbers that are not negative. */
    static long saturated(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** The smallest multiple above a count. */
    static long multipleAbove(long count, long of) {
        return saturated(count - count % of, of);
    }

    /** The smallest multiple that is not below a count above zero. */
    static long multipleFrom(long count, long of) {
        return multipleAbove(count - 1, of);
    }
}
