package io.mutil.numeric;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The shortest decimal that reads back as a given double; of several, the one nearest to it.
 *
 * <p>Most prices have few digits: a decimal of at most 15 digits that reads back as the double is the shortest, as there is no
 * other. The rest is the algorithm of Raffaello Giulietti, "The Schubfach way to render doubles" (2020), without its preference
 * for two digits. Neither makes garbage.
 */
final class Shortest {
    /** No quick form. */
    static final long NONE = Long.MIN_VALUE;

    private static final int FRACTION_BITS = 52;
    private static final long FRACTION = (1L << FRACTION_BITS) - 1;
    private static final int FIELD = 0x7ff;
    private static final int EXPONENT_OF_UNIT = -1075;
    private static final long LOW_63 = Long.MAX_VALUE;

    private Shortest() {}

    /**
     * The unscaled value times 16, plus the scale, of a double with at most 15 digits; or {@link #NONE}, which does not mean that
     * it has more. The scale is not the least.
     */
    static long quick(double value) {
        long few = quick(value, 4);
        return few == NONE ? quick(value, 8) : few;
    }

    private static long quick(double value, int scale) {
        double tens = Tens.ofDouble(scale);
        double whole = Math.rint(value * tens);
        // the power of ten and the numerator are exact, so the quotient is what the decimal reads as
        return Math.abs(whole) <= 1e15 && whole / tens == value ? ((long) whole << 4) | scale : NONE;
    }

    static long unscaled(long quick) {
        return quick >> 4;
    }

    static int scale(long quick) {
        return (int) quick & 15;
    }

    /** As a decimal, whose scale is not the least. */
    static BigDecimal of(double finite) {
        long quick = quick(finite);
        return quick == NONE
                ? BigDecimal.valueOf(digits(finite), -exponent(finite))
                : BigDecimal.valueOf(unscaled(quick), scale(quick));
    }

    /** The power of ten that {@link #digits} counts. */
    static int exponent(double value) {
        long bits = Double.doubleToRawLongBits(value);
        return exponent(unit(bits), isUneven(bits));
    }

    private static int exponent(int unit, boolean uneven) {
        return uneven ? floorLog10OfThreeQuarters(unit) : floorLog10OfTwo(unit);
    }

    /**
     * The digits, with their sign, of a finite double other than zero. At most 18, and some at the end may be zeros.
     */
    static long digits(double value) {
        long bits = Double.doubleToRawLongBits(value);
        long fraction = bits & FRACTION;
        long significand = field(bits) == 0 ? fraction : fraction | (FRACTION + 1);
        long digits = digits(significand, unit(bits), isUneven(bits));
        return bits < 0 ? -digits : digits;
    }

    /** Scales the value and the ends of what reads back as it to quarters of the power of ten, and looks what is between. */
    private static long digits(long significand, int unit, boolean uneven) {
        int exponent = exponent(unit, uneven);
        int shift = unit + floorLog2OfTen(-exponent) + 2;
        long odd = significand & 1;
        long value = Powers.times(exponent, (significand * 4) << shift);
        // an end of the interval belongs to it if the significand is even
        long low = Powers.times(exponent, (significand * 4 - (uneven ? 1 : 2)) << shift) + odd;
        long high = Powers.times(exponent, (significand * 4 + 2) << shift) - odd;
        long below = value >> 2;
        if (below >= 10) {
            long tens = below / 10 * 10;
            boolean lower = low <= tens * 4;
            if (lower != ((tens + 10) * 4 <= high)) {
                return lower ? tens : tens + 10;
            }
        }
        boolean lower = low <= below * 4;
        if (lower != ((below + 1) * 4 <= high)) {
            return lower ? below : below + 1;
        }
        long overMiddle = value - (below * 4 + 2);
        return overMiddle < 0 || (overMiddle == 0 && (below & 1) == 0) ? below : below + 1;
    }

    /** The power of two that the significand counts. */
    private static int unit(long bits) {
        return Math.max(field(bits), 1) + EXPONENT_OF_UNIT;
    }

    /** Whether the next double towards zero is half as far as the other. */
    private static boolean isUneven(long bits) {
        return (bits & FRACTION) == 0 && field(bits) > 1;
    }

    private static int field(long bits) {
        return (int) (bits >>> FRACTION_BITS) & FIELD;
    }

    // Logarithms as fixed-point numbers, right for all exponents of doubles.

    static int floorLog10OfTwo(int exponent) {
        return (int) ((exponent * 661_971_961_083L) >> 41);
    }

    static int floorLog10OfThreeQuarters(int exponent) {
        return (int) ((exponent * 661_971_961_083L - 274_743_187_321L) >> 41);
    }

    static int floorLog2OfTen(int exponent) {
        return (int) ((exponent * 913_124_641_741L) >> 38);
    }

    /** Powers of ten, each 126 bits and rounded up. Made when the first double needs it. */
    private static final class Powers {
        private static final int LEAST = floorLog10OfTwo(1 + EXPONENT_OF_UNIT);
        private static final int MOST = floorLog10OfTwo(FIELD - 1 + EXPONENT_OF_UNIT);
        private static final long[] HIGH = new long[MOST - LEAST + 1];
        private static final long[] LOW = new long[MOST - LEAST + 1];

        static {
            for (int exponent = LEAST; exponent <= MOST; exponent++) {
                BigInteger power = power(-exponent);
                HIGH[exponent - LEAST] = power.shiftRight(63).longValue();
                LOW[exponent - LEAST] = power.longValue() & LOW_63;
            }
        }

        private static BigInteger power(int exponent) {
            int bits = floorLog2OfTen(exponent) - 125;
            BigInteger floor = exponent < 0
                    ? BigInteger.ONE.shiftLeft(-bits).divide(BigInteger.TEN.pow(-exponent))
                    : BigInteger.TEN.pow(exponent).shiftRight(bits);
            return floor.add(BigInteger.ONE);
        }

        /** The high part of the product with the power for an exponent; its last bit also tells whether anything was cut off. */
        static long times(int exponent, long factor) {
            long high = HIGH[exponent - LEAST];
            long middle = ((high * factor) >>> 1) + Math.multiplyHigh(LOW[exponent - LEAST], factor);
            long product = Math.multiplyHigh(high, factor) + (middle >>> 63);
            return product | (((middle & LOW_63) + LOW_63) >>> 63);
        }
    }
}
