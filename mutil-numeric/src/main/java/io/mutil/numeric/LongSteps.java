package io.mutil.numeric;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Multiples in long arithmetic.
 *
 * <p>A grid is {@code start + n * step}, both unscaled longs of one scale; {@code room} is by how many powers of ten both may be
 * multiplied and stay below 10^18, less than zero if they are above it already. A value with more decimals than that is cut, and
 * its last bit tells whether anything was cut off: this is enough to compare it with the middle, as the step is even then.
 */
final class LongSteps {
    private static final long LIMIT = Tens.of(Tens.LONGEST);
    private static final int MOST_DIGITS = 19;

    private LongSteps() {}

    /** By how many powers of ten a number may be multiplied. */
    static int room(long number) {
        return number > -LIMIT && number < LIMIT ? Tens.LONGEST - Tens.digits(Math.abs(number)) : -1;
    }

    /** The number of the multiple that is nearest in a direction. */
    static long multiple(long distance, boolean more, long start, long step, RoundingMode mode) {
        long below = Tens.floorDiv(distance, step);
        long over = distance - below * step;
        if (over == 0 && !more) {
            return below;
        }
        // whether of its two neighbours the one above is nearer to zero, the same for all that is between them
        boolean negative = start + distance < over - step / 2;
        return isUp(below, Long.compare(over, step - over), more, negative, mode) ? below + 1 : below;
    }

    private static boolean isUp(long below, int half, boolean more, boolean negative, RoundingMode mode) {
        return switch (mode) {
            case CEILING -> true;
            case FLOOR -> false;
            case UP -> !negative;
            case DOWN -> negative;
            case HALF_EVEN -> half > 0 || (half == 0 && (more || (below & 1) != 0));
            case HALF_UP -> half > 0 || (half == 0 && (more || !negative));
            case HALF_DOWN -> half > 0 || (half == 0 && (more || negative));
            case UNNECESSARY ->
                throw new ArithmeticException(
                        "the value would have to be rounded, which RoundingMode.UNNECESSARY forbids; choose another mode");
        };
    }

    /** What {@link Increments#move} does; NaN if longs do not suffice. */
    static double move(double value, long start, long step, int scale, int room, RoundingMode mode, int steps) {
        long quick = Shortest.quick(value);
        return quick == Shortest.NONE
                ? move(Shortest.digits(value), -Shortest.exponent(value), start, step, scale, room, mode, steps)
                : move(Shortest.unscaled(quick), Shortest.scale(quick), start, step, scale, room, mode, steps);
    }

    private static double move(
            long digits, int decimals, long start, long step, int scale, int room, RoundingMode mode, int steps) {
        long cut = cut(digits, decimals - scale, room);
        if (cut == Shortest.NONE) {
            return Double.NaN;
        }
        long tens = Tens.of(shift(decimals - scale, room));
        long multiple = multiple((cut >> 1) - start * tens, (cut & 1) != 0, start * tens, step * tens, mode);
        return toDouble(start + (multiple + steps) * step, scale);
    }

    /** Whether a value is on the grid: positive if it is, zero if not, negative if longs do not suffice. */
    static int isOn(double value, long start, long step, int scale, int room) {
        long quick = Shortest.quick(value);
        long digits = quick == Shortest.NONE ? Shortest.digits(value) : Shortest.unscaled(quick);
        int decimals = quick == Shortest.NONE ? -Shortest.exponent(value) : Shortest.scale(quick);
        long cut = cut(digits, decimals - scale, room);
        if (cut == Shortest.NONE) {
            return -1;
        }
        long tens = Tens.of(shift(decimals - scale, room));
        return (cut & 1) == 0 && isMultiple((cut >> 1) - start * tens, step * tens) ? 1 : 0;
    }

    static boolean isMultiple(long distance, long step) {
        return distance == Tens.floorDiv(distance, step) * step;
    }

    /** By how many powers of ten the grid is multiplied for a value with that many decimals more. */
    private static int shift(int more, int room) {
        return Math.min(Math.max(more, 0), room);
    }

    /** Twice the value in units of the multiplied grid, plus one if something was cut off. */
    private static long cut(long digits, int more, int room) {
        if (more < 0) {
            return room < 0 || room(digits) < -more ? Shortest.NONE : digits * Tens.of(-more) * 2;
        }
        if (more <= room) {
            return digits * 2;
        }
        if (room < 1) {
            return Shortest.NONE;
        }
        int places = more - room;
        if (places > Tens.LONGEST) {
            return digits < 0 ? -1 : digits == 0 ? 0 : 1;
        }
        long kept = Tens.floorDiv(digits, Tens.of(places));
        return kept * 2 + (kept * Tens.of(places) == digits ? 0 : 1);
    }

    /**
     * Divides by a power of ten and rounds.
     *
     * @param digits less than 10^18 if there are more than 18 places
     */
    static long withoutPlaces(long digits, int places, RoundingMode mode) {
        return places < MOST_DIGITS
                ? multiple(digits, false, 0, Tens.of(places), mode)
                : multiple(digits < 0 ? -1 : 0, digits != 0, 0, 10, mode);
    }

    /** The nearest double. */
    static double toDouble(long unscaled, int scale) {
        return unscaled <= Tens.EXACT && unscaled >= -Tens.EXACT && scale <= Tens.LONGEST_DOUBLE
                ? unscaled / Tens.ofDouble(scale)
                : BigDecimal.valueOf(unscaled, scale).doubleValue();
    }
}
