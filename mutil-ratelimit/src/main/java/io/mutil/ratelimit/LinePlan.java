package io.mutil.ratelimit;

/** Where those who wait will have room, in their order. Good until the books or the line change. */
final class LinePlan {
    private final Plan[] plans;
    private long last = Long.MIN_VALUE;

    LinePlan(Plan... plans) {
        this.plans = plans;
    }

    /** When the next in the line would have its turn. */
    long roomAt(long now, int permits) {
        return Plan.roomAt(plans, Math.max(now, last), permits);
    }

    /** Gives the next in the line its turn. */
    long add(long now, int permits) {
        long at = roomAt(now, permits);
        addAt(at, permits);
        return at;
    }

    /** As {@link #add}, where the time was decided before. */
    void addAt(long at, int permits) {
        for (Plan plan : plans) {
            plan.count(at, permits);
        }
        last = at;
    }
}
