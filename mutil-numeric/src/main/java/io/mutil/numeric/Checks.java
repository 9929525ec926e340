package io.mutil.numeric;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;

/** What arguments must be. */
final class Checks {
    /** More digits than this on either side of the point are no number to work with, but an attempt to use up the memory. */
    static final int MOST_DIGITS = 1_000;

    private static final int SHOWN = 40;

    private Checks() {}

    static BigDecimal decimal(String name, String text) {
        requireNonNull(text, name);
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a decimal number like 0.05, was " + shown(text), e);
        }
    }

    static BigDecimal positive(String name, BigDecimal value) {
        if (requireNonNull(value, name).signum() <= 0) {
            throw new IllegalArgumentException(name + " must be positive, was " + value);
        }
        return ordinary(name, value);
    }

    /** Refuses an exponent that has no place in a price. */
    static BigDecimal ordinary(String name, BigDecimal value) {
        if (value.scale() > MOST_DIGITS || digitsBeforePoint(value) > MOST_DIGITS) {
            throw new IllegalArgumentException(name + " must have at most " + MOST_DIGITS
                    + " digits on either side of the point, had the scale " + value.scale());
        }
        return value.scale() < 0 ? value.setScale(0) : value;
    }

    static double finite(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("value must be finite, was " + value);
        }
        return value;
    }

    static int between(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ", was " + value);
        }
        return value;
    }

    /**
     * A value that rounds to the same number of decimals, or to multiples of some such, as the given one; but not one whose digits
     * would fill the memory.
     *
     * @param scale of what is rounded to
     */
    static BigDecimal bounded(BigDecimal value, int scale) {
        if (value.signum() == 0) {
            return BigDecimal.ZERO;
        }
        long before = digitsBeforePoint(value);
        if (before > MOST_DIGITS) {
            throw new ArithmeticException(
                    "value must have at most " + MOST_DIGITS + " digits before the point, had " + before);
        }
        // less than a tenth of the last place is as good as a tenth of it, whatever the mode
        return before < -scale ? BigDecimal.valueOf(value.signum(), scale + 1) : value;
    }

    private static long digitsBeforePoint(BigDecimal value) {
        return (long) value.precision() - value.scale();
    }

    /** A text in quotes, and not too much of it. */
    static String shown(CharSequence text) {
        return '"' + shortened(text) + '"';
    }

    static String shortened(CharSequence text) {
        return text.length() > SHOWN ? text.subSequence(0, SHOWN) + "..." : text.toString();
    }
}
