package io.mutil.ratelimit;

import java.time.Duration;

/** What is refused everywhere in the same words. */
final class Checks {
    /** A sum of two such times fits into a long of nanoseconds; longer ones end at its largest value. */
    static final Duration LONGEST = Duration.ofDays(36_500);

    private Checks() {}

    static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be positive, was " + value);
        }
        return value;
    }

    static int weight(int permits, int most) {
        if (permits > most) {
            throw new IllegalArgumentException("permits must be at most " + most
                    + ", which is all that the rules ever allow at once, was " + permits);
        }
        return permits;
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
