package io.mutil.numeric;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Rounds one value to a multiple of an increment. Who rounds many keeps a {@link Grid}.
 *
 * <pre>{@code
 * BigDecimal near = Rounding.roundToMultiple(new BigDecimal("1.03"), new BigDecimal("0.05"));         // 1.05
 * double less = Rounding.roundToMultiple(-0.01, 0.07, RoundingMode.FLOOR);                            // -0.07
 * long cents = Rounding.roundToMultiple(103, 5);                                                      // 105
 * }</pre>
 *
 * <p>Without a mode it is the nearest, ties to the even multiple. With one, it is as in {@link Increments}: {@code UP} is away from
 * zero, {@code CEILING} towards positive infinity.
 */
public final class Rounding {
    private Rounding() {}

    /**
     * The nearest multiple, with the scale of the increment, at least zero.
     *
     * @param increment positive
     */
    public static BigDecimal roundToMultiple(BigDecimal value, BigDecimal increment) {
        return Grid.of(increment).round(value);
    }

    /**
     * The nearest multiple in a direction, with the scale of the increment, at least zero.
     *
     * @param increment positive
     * @throws ArithmeticException if the value would have to be rounded under {@link RoundingMode#UNNECESSARY}
     */
    public static BigDecimal roundToMultiple(BigDecimal value, BigDecimal increment, RoundingMode mode) {
        return Grid.of(increment).round(value, mode);
    }

    /**
     * The nearest multiple. Makes no garbage while the increment has at most 8 decimals, and the value at most 15 digits with as
     * many decimals as the increment.
     *
     * @param value finite
     * @param increment positive and finite
     */
    public static double roundToMultiple(double value, double increment) {
        return roundToMultiple(value, increment, RoundingMode.HALF_EVEN);
    }

    /**
     * The nearest multiple in a direction. Makes no garbage while the increment has at most 8 decimals, and the value at most 15
     * digits with as many decimals as the increment.
     *
     * @param value finite
     * @param increment positive and finite
     * @throws ArithmeticException if the value would have to be rounded under {@link RoundingMode#UNNECESSARY}
     */
    public static double roundToMultiple(double value, double increment, RoundingMode mode) {
        requireNonNull(mode, "mode");
        if (!(increment > 0) || !Double.isFinite(increment)) {
            throw new IllegalArgumentException("increment must be positive and finite, was " + increment);
        }
        long step = Shortest.quick(increment);
        if (step == Shortest.NONE || mode == RoundingMode.UNNECESSARY) {
            return grid(increment).round(value, mode);
        }
        long units = Shortest.unscaled(step);
        int scale = Shortest.scale(step);
        while (scale > 0 && units % 10 == 0) {
            units /= 10;
            scale--;
        }
        if (Math.abs(Checks.finite(value)) >= 1e15 / Tens.ofDouble(scale)) {
            return grid(increment).round(value, mode);
        }
        double quick = LongSteps.move(value, 0, units, scale, LongSteps.room(units), mode, 0);
        return Double.isNaN(quick) ? grid(increment).round(value, mode) : quick;
    }

    private static Grid grid(double increment) {
        return Grid.of(Shortest.of(increment).stripTrailingZeros());
    }

    /**
     * The nearest multiple of an increment in the same unit, be it cents or pips.
     *
     * @param increment positive
     * @throws ArithmeticException if the result does not fit in a long
     */
    public static long roundToMultiple(long value, long increment) {
        return roundToMultiple(value, increment, RoundingMode.HALF_EVEN);
    }

    /**
     * The nearest multiple in a direction of an increment in the same unit, be it cents or pips.
     *
     * @param increment positive
     * @throws ArithmeticException if the result does not fit in a long, or the value would have to be rounded under {@link
     *     RoundingMode#UNNECESSARY}
     */
    public static long roundToMultiple(long value, long increment, RoundingMode mode) {
        requireNonNull(mode, "mode");
        if (increment <= 0) {
            throw new IllegalArgumentException("increment must be positive, was " + increment);
        }
        if (mode == RoundingMode.UNNECESSARY || LongSteps.room(value) < 0 || LongSteps.room(increment) < 0) {
            return Grid.of(BigDecimal.valueOf(increment)).round(value, 0, mode);
        }
        return LongSteps.multiple(value, false, 0, increment, mode) * increment;
    }
}
