package io.mutil.numeric;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The multiples of an increment, or those plus a start: {@code start + n * increment} for all integers n.
 *
 * <pre>{@code
 * Grid ticks = Grid.of("0.05");
 * BigDecimal near = ticks.round(new BigDecimal("1.03"));                       // 1.05
 * double up = ticks.roundUp(1.01);                                             // 1.05
 * long next = ticks.next(105, 2);                                              // 110, which is 1.10
 * boolean odd = Grid.of("0.10").startingAt("0.05").isOn(new BigDecimal("0.15"));   // true
 * }</pre>
 *
 * <p>Two are equal if they have the same start and increment, scales included, as their results are the same then.
 */
public final class Grid extends Increments {
    private final BigDecimal increment;
    private final BigDecimal start;
    private final int scale;

    // The same as longs, of the least scale that both have; room as LongSteps has it.
    private final int leastScale;
    private final long longIncrement;
    private final long longStart;
    private final int room;

    /**
     * The multiples of an increment.
     *
     * @param increment positive; results have its scale, zero for one like 1E+2
     */
    public static Grid of(BigDecimal increment) {
        return new Grid(Checks.positive("increment", increment), BigDecimal.ZERO);
    }

    /**
     * The multiples of an increment.
     *
     * @param increment a positive number as {@link BigDecimal#BigDecimal(String)} reads it; results of {@code "0.050"} have three
     *     decimals
     */
    public static Grid of(String increment) {
        return of(Checks.decimal("increment", increment));
    }

    private Grid(BigDecimal increment, BigDecimal start) {
        scale = Math.max(increment.scale(), start.scale());
        this.increment = increment.setScale(scale);
        this.start = start.setScale(scale);
        leastScale = Math.max(decimals(increment), decimals(start));
        BigDecimal step = increment.movePointRight(leastScale);
        BigDecimal from = start.movePointRight(leastScale);
        boolean fits = isLong(step) && isLong(from);
        longIncrement = fits ? step.longValueExact() : 0;
        longStart = fits ? from.longValueExact() : 0;
        room = fits ? Math.min(LongSteps.room(longIncrement), LongSteps.room(longStart)) : -1;
    }

    private static int decimals(BigDecimal value) {
        return Math.max(value.stripTrailingZeros().scale(), 0);
    }

    /**
     * The same steps from another start; half-even counts them from there.
     *
     * @param start results have the larger of its scale and the increment's
     */
    public Grid startingAt(BigDecimal start) {
        return new Grid(increment, Checks.ordinary("start", start));
    }

    /** The same steps from another start, a number as {@link BigDecimal#BigDecimal(String)} reads it. */
    public Grid startingAt(String start) {
        return startingAt(Checks.decimal("start", start));
    }

    @Override
    public boolean isOn(BigDecimal value) {
        BigDecimal near = Checks.bounded(value, scale);
        return near.subtract(start).remainder(increment).signum() == 0;
    }

    @Override
    public boolean isOn(double value) {
        int found = LongSteps.isOn(Checks.finite(value), longStart, longIncrement, leastScale, room);
        return found < 0 ? isOn(Shortest.of(value)) : found > 0;
    }

    @Override
    public boolean isOn(long unscaled, int scale) {
        int shift = checkedScale(scale) - leastScale;
        if (!isQuick(unscaled, shift)) {
            return isOn(BigDecimal.valueOf(unscaled, scale));
        }
        return LongSteps.isMultiple(unscaled - longStart * Tens.of(shift), longIncrement * Tens.of(shift));
    }

    @Override
    BigDecimal move(BigDecimal value, RoundingMode mode, int steps) {
        BigDecimal near = Checks.bounded(value, scale);
        BigDecimal distance = start.signum() == 0 ? near : near.subtract(start);
        BigDecimal multiple = distance.divide(increment, 0, bySign(mode, near, distance));
        BigDecimal moved = steps == 0 ? multiple : multiple.add(BigDecimal.valueOf(steps));
        BigDecimal product = moved.multiply(increment);
        return start.signum() == 0 ? product : start.add(product);
    }

    /** A mode that does to the distance from the start what the given one would do to the value, if their signs differ. */
    private static RoundingMode bySign(RoundingMode mode, BigDecimal value, BigDecimal distance) {
        if (distance.signum() == 0 || (value.signum() < 0) == (distance.signum() < 0)) {
            return mode;
        }
        return switch (mode) {
            case UP -> RoundingMode.DOWN;
            case DOWN -> RoundingMode.UP;
            case HALF_UP -> RoundingMode.HALF_DOWN;
            case HALF_DOWN -> RoundingMode.HALF_UP;
            default -> mode;
        };
    }

    @Override
    double move(double value, RoundingMode mode, int steps) {
        double quick = LongSteps.move(value, longStart, longIncrement, leastScale, room, mode, steps);
        return Double.isNaN(quick) ? moveExactly(value, mode, steps) : quick;
    }

    private double moveExactly(double value, RoundingMode mode, int steps) {
        double moved = move(Shortest.of(value), mode, steps).doubleValue();
        if (Double.isInfinite(moved)) {
            throw new ArithmeticException(
                    "the next of " + this + " from " + value + " is beyond all doubles; pass a BigDecimal");
        }
        return moved;
    }

    @Override
    long move(long unscaled, int scale, RoundingMode mode, int steps) {
        int shift = scale - leastScale;
        if (!isQuick(unscaled, shift)) {
            return moveExactly(unscaled, scale, mode, steps);
        }
        long from = longStart * Tens.of(shift);
        long step = longIncrement * Tens.of(shift);
        return from + (LongSteps.multiple(unscaled - from, false, step, unscaled < 0, mode) + steps) * step;
    }

    /** Whether nothing can overflow: all numbers are less than 10^18 at this scale. */
    private boolean isQuick(long unscaled, int shift) {
        return shift <= room && LongSteps.room(unscaled) >= 0;
    }

    /** The distance from one value to the next. */
    public BigDecimal increment() {
        return increment;
    }

    /** One of the values, from which the others are counted; zero unless chosen. */
    public BigDecimal start() {
        return start;
    }

    /** The scale of {@code BigDecimal} results. */
    int scale() {
        return scale;
    }

    @Override
    int leastScale() {
        return leastScale;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Grid grid && grid.increment.equals(increment) && grid.start.equals(start);
    }

    @Override
    public int hashCode() {
        return 31 * increment.hashCode() + start.hashCode();
    }

    /** {@code multiples of 0.05}, or {@code 0.01 + multiples of 0.05}. */
    @Override
    public String toString() {
        String multiples = "multiples of " + increment.toPlainString();
        return start.signum() == 0 ? multiples : start.toPlainString() + " + " + multiples;
    }
}
