package io.mutil.ratelimit;

/** Where there is room, and what takes it. Times are ticks; permits are counted in the order of their times. */
interface Plan {
    /**
     * The first moment at which so many permits have room behind everything that is counted.
     *
     * @param earliest not before the last counted permit
     * @param permits at most as many as the rule ever allows at once
     */
    long roomAt(long earliest, int permits);

    /** Counts permits that are handed out, room or not. */
    void count(long at, int permits);

    /** The first moment at which several plans have room together. */
    static long roomAt(Plan[] plans, long earliest, int permits) {
        long at = earliest;
        long before;
        do {
            before = at;
            for (Plan plan : plans) {
                at = plan.roomAt(at, permits);
            }
            // only a window of the wall clock can close again while another one is waited for
        } while (at != before && plans.length > 1);
        return at;
    }
}
