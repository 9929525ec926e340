package io.mutil.cache;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Milliseconds that stop at the ends of the range instead of going round. */
final class Millis {
    private Millis() {}

    static long of(Duration duration) {
        return TimeUnit.MILLISECONDS.convert(duration);
    }

    /** @param amount not negative */
    static long plus(long instant, long amount) {
        long sum = instant + amount;
        return sum < instant ? Long.MAX_VALUE : sum;
    }

    static Duration checkPositive(String what, Duration duration) {
        if (of(duration) < 1) {
            throw new IllegalArgumentException(what + " must be at least a millisecond, was " + duration);
        }
        return duration;
    }

    static Duration checkNotNegative(String what, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(what + " must not be negative, was " + duration);
        }
        return duration;
    }
}
