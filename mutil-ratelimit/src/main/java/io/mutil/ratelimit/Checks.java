package io.mutil.ratelimit;

import java.time.Duration;

/** What is refused everywhere in the same words. */
final class Checks {
    /** Sums of a few such times fit into a long of nanoseconds. */
    static final Duration LONGEST = Duration.ofDays(36_500);

    private Checks() {}

    static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be positive, was " + value);
        }
        return value;
    }

    static Duration span(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, was " + value);
        }
        return notTooLong(name, value);
    }

    static Duration notNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, was " + value);
        }
        return notTooLong(name, value);
    }

    private static Duration notTooLong(String name, Duration value) {
        if (value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " must be at most " + LONGEST.toDays() + " days, was " + value.toDays() + " days");
        }
        return value;
    }
}
