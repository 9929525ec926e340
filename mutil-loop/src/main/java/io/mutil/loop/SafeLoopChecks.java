package io.mutil.loop;

import java.time.Duration;

/** What arguments must be. */
final class SafeLoopChecks {
    private static final Duration LONGEST = Duration.ofDays(365 * 100);

    private SafeLoopChecks() {}

    static Duration positive(String name, Duration value) {
        return atLeast(name, value, Duration.ofNanos(1), "positive");
    }

    static Duration notNegative(String name, Duration value) {
        return atLeast(name, value, Duration.ZERO, "not negative");
    }

    static Duration atLeast(String name, Duration value, Duration least, String rule) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " must be " + rule + " and at most " + LONGEST + ", was " + value);
        }
        return value;
    }

    static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be positive, was " + value);
        }
        return value;
    }
}
