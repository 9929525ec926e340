package io.mutil.numeric;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Where values may lie: on a {@link Grid}, or on one that is finer for small prices, {@link PriceBands}.
 *
 * <p>Each verb takes a {@link BigDecimal}, a {@code double}, or a {@code long} in a stated scale: 105 at scale 2 is 1.05.
 *
 * <ul>
 *   <li>A {@code BigDecimal} result has the scale of the increment, at least zero.
 *   <li>A {@code double} counts as the value of the grid that reads back as it, or if there is none as the shortest decimal that
 *       does. The result is the double nearest to the exact one, so it is on the grid and rounds to itself. Zero is never negative.
 *   <li>A {@code long} result has the scale of the argument, which must hold every value on the grid: at least the decimals of the
 *       increment, at most 18.
 * </ul>
 *
 * <p>{@code roundUp} and {@code roundDown} go by value: towards positive and negative infinity. A {@link RoundingMode} means what
 * it means in the JDK: {@code UP} is away from zero and {@code DOWN} towards it, and they differ from the methods of these names for
 * numbers less than zero. Where zero is between two values of the grid, {@code DOWN} is the nearer to zero of these, {@code UP} the
 * other; of two that are as near, {@code UP} is the positive one. A tie under {@code HALF_EVEN} goes to the
 * even multiple: 0.025 in steps of 0.05 to 0.00, 0.075 to 0.10.
 *
 * <p>A {@code BigDecimal} with more than 1,000 digits before the point is refused with an {@link ArithmeticException}.
 *
 * <p>Immutable, safe for many threads. Without garbage are {@code long} forms while the numbers fit in 18 digits, and {@code double}
 * forms while they have at most 15, both with all decimals of the increment.
 */
public abstract sealed class Increments permits Grid, PriceBands {
    Increments() {}

    /**
     * Rounds to the nearest value of the grid, ties to the even multiple.
     */
    public final BigDecimal round(BigDecimal value) {
        return move(requireNonNull(value, "value"), RoundingMode.HALF_EVEN, 0);
    }

    /**
     * Rounds to the nearest value of the grid in a direction.
     *
     * @throws ArithmeticException if the value would have to be rounded under {@link RoundingMode#UNNECESSARY}
     */
    public final BigDecimal round(BigDecimal value, RoundingMode mode) {
        requireNonNull(value, "value");
        if (isRefused(mode) && !isOn(value)) {
            throw off(Checks.shortened(value.toString()));
        }
        return move(value, mode, 0);
    }

    /** The least value of the grid that is not less than the given one: rounds towards positive infinity. */
    public final BigDecimal roundUp(BigDecimal value) {
        return move(requireNonNull(value, "value"), RoundingMode.CEILING, 0);
    }

    /** The greatest value of the grid that is not greater than the given one: rounds towards negative infinity. */
    public final BigDecimal roundDown(BigDecimal value) {
        return move(requireNonNull(value, "value"), RoundingMode.FLOOR, 0);
    }

    /** The least value of the grid that is greater. */
    public final BigDecimal next(BigDecimal value) {
        return move(requireNonNull(value, "value"), RoundingMode.FLOOR, 1);
    }

    /** The greatest value of the grid that is less. */
    public final BigDecimal previous(BigDecimal value) {
        return move(requireNonNull(value, "value"), RoundingMode.CEILING, -1);
    }

    /** Whether the value, whatever its scale, is on the grid. */
    public abstract boolean isOn(BigDecimal value);

    /**
     * Rounds to the nearest value of the grid, ties to the even multiple.
     *
     * @throws IllegalArgumentException if the value is not finite
     */
    public final double round(double value) {
        return move(Checks.finite(value), RoundingMode.HALF_EVEN, 0);
    }

    /**
     * Rounds to the nearest value of the grid in a direction.
     *
     * @throws IllegalArgumentException if the value is not finite
     * @throws ArithmeticException if the value would have to be rounded under {@link RoundingMode#UNNECESSARY}, or the result is
     *     beyond all doubles
     */
    public final double round(double value, RoundingMode mode) {
        Checks.finite(value);
        if (isRefused(mode) && !isOn(value)) {
            throw off(Double.toString(value));
        }
        return move(value, mode, 0);
    }

    /** The least value of the grid that is not less than the given one: rounds towards positive infinity. */
    public final double roundUp(double value) {
        return move(Checks.finite(value), RoundingMode.CEILING, 0);
    }

    /** The greatest value of the grid that is not greater than the given one: rounds towards negative infinity. */
    public final double roundDown(double value) {
        return move(Checks.finite(value), RoundingMode.FLOOR, 0);
    }

    /**
     * The least value of the grid that is greater.
     *
     * @throws ArithmeticException if the doubles there are so far apart that the result would not be greater
     */
    public final double next(double value) {
        double next = move(Checks.finite(value), RoundingMode.FLOOR, 1);
        if (next <= value) {
            throw tooCoarse(value);
        }
        return next;
    }

    /**
     * The greatest value of the grid that is less.
     *
     * @throws ArithmeticException if the doubles there are so far apart that the result would not be less
     */
    public final double previous(double value) {
        double previous = move(Checks.finite(value), RoundingMode.CEILING, -1);
        if (previous >= value) {
            throw tooCoarse(value);
        }
        return previous;
    }

    /** Whether a value of the grid reads back as this one. */
    public abstract boolean isOn(double value);

    /**
     * Rounds to the nearest value of the grid, ties to the even multiple.
     *
     * @param unscaled the value, times ten to the power of the scale
     * @throws IllegalArgumentException if the scale is less than the increments need, or more than 18
     * @throws ArithmeticException if the result does not fit in a long
     */
    public final long round(long unscaled, int scale) {
        return move(unscaled, checkedScale(scale), RoundingMode.HALF_EVEN, 0);
    }

    /**
     * Rounds to the nearest value of the grid in a direction.
     *
     * @param unscaled the value, times ten to the power of the scale
     * @throws IllegalArgumentException if the scale is less than the increments need, or more than 18
     * @throws ArithmeticException if the result does not fit in a long, or the value would have to be rounded under {@link
     *     RoundingMode#UNNECESSARY}
     */
    public final long round(long unscaled, int scale, RoundingMode mode) {
        checkedScale(scale);
        if (isRefused(mode) && !isOn(unscaled, scale)) {
            throw off(BigDecimal.valueOf(unscaled, scale).toPlainString());
        }
        return move(unscaled, scale, mode, 0);
    }

    /** The least value of the grid that is not less than the given one: rounds towards positive infinity. */
    public final long roundUp(long unscaled, int scale) {
        return move(unscaled, checkedScale(scale), RoundingMode.CEILING, 0);
    }

    /** The greatest value of the grid that is not greater than the given one: rounds towards negative infinity. */
    public final long roundDown(long unscaled, int scale) {
        return move(unscaled, checkedScale(scale), RoundingMode.FLOOR, 0);
    }

    /** The least value of the grid that is greater. */
    public final long next(long unscaled, int scale) {
        return move(unscaled, checkedScale(scale), RoundingMode.FLOOR, 1);
    }

    /** The greatest value of the grid that is less. */
    public final long previous(long unscaled, int scale) {
        return move(unscaled, checkedScale(scale), RoundingMode.CEILING, -1);
    }

    /** Whether the value is on the grid. */
    public abstract boolean isOn(long unscaled, int scale);

    /** Rounds, then goes a number of steps up: -1, 0 or 1. */
    abstract BigDecimal move(BigDecimal value, RoundingMode mode, int steps);

    abstract double move(double value, RoundingMode mode, int steps);

    abstract long move(long unscaled, int scale, RoundingMode mode, int steps);

    /** In decimals, where longs do not suffice on the way. */
    final long moveExactly(long unscaled, int scale, RoundingMode mode, int steps) {
        BigDecimal value = BigDecimal.valueOf(unscaled, scale);
        BigDecimal moved = move(value, mode, steps).movePointRight(scale);
        if (!isLong(moved)) {
            throw new ArithmeticException("the result from " + value.toPlainString() + " in " + this
                    + " does not fit in a long at scale " + scale + "; pass a smaller scale, or a BigDecimal");
        }
        return moved.longValueExact();
    }

    static boolean isLong(BigDecimal whole) {
        return whole.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0
                && whole.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) >= 0;
    }

    /** The least scale in which all values of the grid are whole. */
    abstract int leastScale();

    final int checkedScale(int scale) {
        int least = leastScale();
        if (least > Tens.LONGEST) {
            throw new IllegalArgumentException(
                    this + " have " + least + " decimals, too many for a long of any scale; pass a BigDecimal");
        }
        if (scale < least || scale > Tens.LONGEST) {
            throw new IllegalArgumentException("scale must be from " + least + " to " + Tens.LONGEST + " for " + this
                    + ", was " + scale + "; scale the value, or pass a BigDecimal");
        }
        return scale;
    }

    private static boolean isRefused(RoundingMode mode) {
        return requireNonNull(mode, "mode") == RoundingMode.UNNECESSARY;
    }

    private ArithmeticException off(String value) {
        return new ArithmeticException(value + " is not one of " + this + "; round with another mode than UNNECESSARY");
    }

    private ArithmeticException tooCoarse(double value) {
        return new ArithmeticException("doubles near " + value + " are " + Math.ulp(value) + " apart, too far for "
                + this + "; pass a BigDecimal");
    }
}
