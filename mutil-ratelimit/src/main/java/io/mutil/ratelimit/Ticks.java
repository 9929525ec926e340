package io.mutil.ratelimit;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The two clocks: nanoseconds since this was made, which never step, and the wall clock, which may. */
final class Ticks {
    private final LongSupplier nanos;
    private final InstantSource wall;
    private final long origin;

    Ticks(LongSupplier nanos, InstantSource wall) {
        this.nanos = nanos;
        this.wall = wall;
        origin = nanos.getAsLong();
    }

    long now() {
        return nanos.getAsLong() - origin;
    }

    /** A sum that stays at the end of time instead of going beyond. */
    static long saturatedSum(long at, long by) {
        long sum = at + by;
        return ((at ^ sum) & (by ^ sum)) < 0 ? Long.MAX_VALUE : sum;
    }

    /** Nanoseconds since 1970. */
    long wall() {
        Instant now = wall.instant();
        return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
    }
}
