package io.mutil.numeric;

/** Powers of ten, and what is quick with them. */
final class Tens {
    /** The largest power of ten that a long holds. */
    static final int LONGEST = 18;

    /** The largest power of ten that is exact as a double. */
    static final int LONGEST_DOUBLE = 22;

    /** Integers up to here, and quotients of such, are within half a unit as doubles. */
    static final long EXACT = 1L << 53;

    private static final long[] LONGS = new long[LONGEST + 1];
    private static final double[] DOUBLES = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    static {
        LONGS[0] = 1;
        for (int i = 1; i <= LONGEST; i++) {
            LONGS[i] = LONGS[i - 1] * 10;
        }
    }

    private Tens() {}

    static long of(int exponent) {
        return LONGS[exponent];
    }

    static double ofDouble(int exponent) {
        return DOUBLES[exponent];
    }

    /** Divides a number that is not negative by a power of ten. */
    static long quotient(long dividend, int exponent) {
        // most prices come with four decimals, and the compiler knows how to divide by a constant
        return exponent == 4 ? dividend / 10_000 : floorDiv(dividend, of(exponent));
    }

    /** How many decimal digits a number has that is not negative. */
    static int digits(long number) {
        // 1233 / 4096 is a little less than log10(2), by so little that no whole number is between their products up to
        // 64
        int guess = ((Long.SIZE - Long.numberOfLeadingZeros(number)) * 1233) >> 12;
        return guess <= LONGEST && number >= LONGS[guess] ? guess + 1 : Math.max(guess, 1);
    }

    /**
     * {@link Math#floorDiv(long, long)}. Division of doubles takes a fraction of the time of that of longs on many processors. The
     * quotient of two exact doubles never passes an integer when it is rounded, but may reach the one above.
     *
     * @param divisor positive
     */
    static long floorDiv(long dividend, long divisor) {
        if (divisor > EXACT || dividend > EXACT || dividend < -EXACT) {
            return Math.floorDiv(dividend, divisor);
        }
        long quotient = (long) ((double) dividend / (double) divisor);
        return dividend - quotient * divisor < 0 ? quotient - 1 : quotient;
    }
}
