package io.mutil.frame;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Numbers with a fixed count of decimals. A double stands for its exact binary value and is rounded to the nearest, ties to even, as
 * C and Python do it; so 1.005 with two decimals is 1.00. The texts of {@code Double.toString} differ between JDKs.
 */
final class Numbers {
    /** Doubles from here on are written with an exponent. */
    private static final double LARGE = 1e15;
    /** Below it, four units in the last place of a product are much less than a half. */
    private static final double EXACT = 1L << 47;

    private static final int LONGEST_PLAIN = 40;
    private static final int MOST_DIGITS = 17;
    static final int MOST_DECIMALS = 15;
    private static final long[] TENS = new long[19];
    private static final double[] POWERS = new double[MOST_DECIMALS + 1];

    static {
        TENS[0] = 1;
        for (int i = 1; i < TENS.length; i++) {
            TENS[i] = TENS[i - 1] * 10;
        }
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = TENS[i];
        }
    }

    private Numbers() {}

    /** How many digits a number has that is not negative. */
    static int digits(long value) {
        int count = 1;
        while (count < TENS.length && value >= TENS[count]) {
            count++;
        }
        return count;
    }

    /** How many decimals write the value completely, at most so many. */
    static int decimals(Number value, int most) {
        if (value instanceof BigDecimal decimal) {
            return Math.max(0, Math.min(most, decimal.scale()));
        }
        if (value instanceof Float || value instanceof Double) {
            return decimals(value.doubleValue(), value instanceof Float, most);
        }
        return 0;
    }

    private static int decimals(double value, boolean isFloat, int most) {
        double size = Math.abs(value);
        if (!(size < LARGE)) {
            return 0;
        }
        if (size * POWERS[most] < 0.5) {
            return Math.min(most, 1); // zero, or so small that it has an exponent
        }
        int decimals = 1;
        while (decimals < most) {
            double same = Math.rint(size * POWERS[decimals]) / POWERS[decimals];
            if (isFloat ? (float) same == (float) size : same == size) {
                break;
            }
            decimals++;
        }
        return Math.min(most, decimals);
    }

    static void write(long value, boolean grouped, Buffer to) {
        if (value == Long.MIN_VALUE) {
            write(BigInteger.valueOf(value).toString(), grouped, to);
            return;
        }
        if (value < 0) {
            to.add('-');
        }
        to.digits(Math.abs(value), 1, grouped);
    }

    /**
     * A {@code double}, {@code float} or {@code BigDecimal} as it is shown.
     *
     * @param small whether what would be zero when rounded is written with an exponent instead
     */
    static void write(Number value, int decimals, boolean grouped, boolean small, Buffer to) {
        if (value instanceof BigDecimal exact) {
            writeExact(exact, decimals, grouped, small, to);
        } else {
            writeBinary(value.doubleValue(), value instanceof Float, decimals, grouped, small, to);
        }
    }

    private static void writeBinary(
            double value, boolean isFloat, int decimals, boolean grouped, boolean small, Buffer to) {
        double size = Math.abs(value);
        if (!(size <= Double.MAX_VALUE)) {
            to.add(Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
            return;
        }
        long units = size < LARGE ? units(size, decimals) : -1;
        if (units > 0 || size == 0 || (units == 0 && !small)) {
            write(value < 0 && units > 0, Math.max(units, 0), decimals, grouped, to);
        } else if (units == 0 || size >= LARGE) {
            writeExponent(shortest(value, isFloat), to);
        } else {
            writePlain(new BigDecimal(value), decimals, grouped, to);
        }
    }

    /** The value in units of its last decimal; -1 if that is too many for a long. */
    private static long units(double size, int decimals) {
        double scaled = size * POWERS[decimals];
        if (scaled < EXACT) {
            long floor = (long) scaled;
            double rest = scaled - floor;
            if (Math.abs(rest - 0.5) > 4 * Math.ulp(scaled)) {
                return rest > 0.5 ? floor + 1 : floor;
            }
        }
        BigInteger exact =
                new BigDecimal(size).setScale(decimals, RoundingMode.HALF_EVEN).unscaledValue();
        return exact.bitLength() < Long.SIZE ? exact.longValue() : -1;
    }

    private static void write(boolean negative, long units, int decimals, boolean grouped, Buffer to) {
        if (negative) {
            to.add('-');
        }
        to.digits(units / TENS[decimals], 1, grouped);
        if (decimals > 0) {
            to.add('.');
            to.digits(units % TENS[decimals], decimals, false);
        }
    }

    private static void writeExact(BigDecimal value, int decimals, boolean grouped, boolean small, Buffer to) {
        boolean large = (long) value.precision() - value.scale() > LONGEST_PLAIN;
        // with so many zeros behind the point nothing is left of it
        boolean tiny = (long) value.scale() - value.precision() > MOST_DECIMALS;
        if (value.signum() != 0 && (large || (tiny && small))) {
            writeExponent(value.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN)), to);
            return;
        }
        BigDecimal rounded = value.signum() == 0 || tiny
                ? BigDecimal.ZERO.setScale(decimals)
                : value.setScale(decimals, RoundingMode.HALF_EVEN);
        if (rounded.signum() == 0 && value.signum() != 0 && small) {
            writeExponent(value.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN)), to);
        } else {
            write(rounded.toPlainString(), grouped, to);
        }
    }

    private static void writePlain(BigDecimal value, int decimals, boolean grouped, Buffer to) {
        write(value.setScale(decimals, RoundingMode.HALF_EVEN).toPlainString(), grouped, to);
    }

    /** Digits that may have a sign and decimals. */
    static void write(String plain, boolean grouped, Buffer to) {
        int point = plain.indexOf('.');
        int end = point < 0 ? plain.length() : point;
        int first = plain.startsWith("-") ? 1 : 0;
        to.add(plain, 0, first);
        for (int i = first; i < end; i++) {
            if (grouped && i > first && (end - i) % 3 == 0) {
                to.add(',');
            }
            to.add(plain.charAt(i));
        }
        to.add(plain, end, plain.length());
    }

    /** The fewest digits that mean this double, or this float, and no other. */
    private static BigDecimal shortest(double value, boolean isFloat) {
        var exact = new BigDecimal(value);
        for (int digits = 1; digits < MOST_DIGITS; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (isFloat ? rounded.floatValue() == (float) value : rounded.doubleValue() == value) {
                return rounded;
            }
        }
        return exact.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN));
    }

    private static void writeExponent(BigDecimal value, Buffer to) {
        BigDecimal bare = value.stripTrailingZeros();
        String digits = bare.unscaledValue().abs().toString();
        if (bare.signum() < 0) {
            to.add('-');
        }
        to.add(digits.charAt(0));
        to.add('.');
        to.add(digits.length() > 1 ? digits.substring(1) : "0");
        to.add('E');
        to.add(Long.toString((long) digits.length() - 1 - bare.scale()));
    }
}
