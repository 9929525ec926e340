package io.mutil.timer;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** Checks of arguments. */
final class Checks {
    /** Beyond this nanoseconds do not fit a long. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Checks() {}

    static long positive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be positive, was " + value);
        }
        return value;
    }

    static long notNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, was " + value);
        }
        return value;
    }

    /** Returns nanoseconds. */
    static long positive(String name, Duration value) {
        if (requireNonNull(value, name).isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, was " + value);
        }
        return notLonger(name, value);
    }

    /** Returns nanoseconds. */
    static long notNegative(String name, Duration value) {
        if (requireNonNull(value, name).isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, was " + value);
        }
        return notLonger(name, value);
    }

    private static long notLonger(String name, Duration value) {
        if (value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " must be at most 36500 days, was " + value);
        }
        return value.toNanos();
    }

    /** What goes into a line of a log or a terminal and must not break it. */
    static String text(String name, String value) {
        for (int i = 0; i < requireNonNull(value, name).length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                throw new IllegalArgumentException(name + " must not have control characters, has one at index " + i);
            }
        }
        return value;
    }

    static String name(String value) {
        if (text("name", value).isBlank()) {
            throw new IllegalArgumentException("name must not be blank, was \"" + value + "\"");
        }
        return value;
    }
}
