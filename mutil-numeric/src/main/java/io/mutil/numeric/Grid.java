package io.mutil.numeric;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

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
    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    /** Digits of which every one counts in a double, if it is as large as most. */
    private static final int SURE_DIGITS = 15;

    /** Increments of more decimals might meet doubles with fewer digits. */
    private static final int MOST_SURE_DECIMALS = 290;

    private final BigDecimal increment;
    private final BigDecimal start;
    private final int scale;

    /** What is less than this is no other value of the grid than the one of its shortest decimal. */
    private final double sureBelow;

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
        this.increment = increment;
        this.start = start;
        leastScale = Math.max(decimals(increment), decimals(start));
        BigDecimal step = increment.movePointRight(leastScale);
        BigDecimal from = start.movePointRight(leastScale);
        boolean fits = isLong(step) && isLong(from);
        longIncrement = fits ? step.longValueExact() : 0;
        longStart = fits ? from.longValueExact() : 0;
        room = fits ? Math.min(LongSteps.room(longIncrement), LongSteps.room(longStart)) : -1;
        sureBelow = leastScale > MOST_SURE_DECIMALS
                ? 0
                : BigDecimal.ONE.scaleByPowerOfTen(SURE_DIGITS - leastScale).doubleValue();
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
        if (hasManyDigits(Checks.finite(value)) && valueOf(value) != null) {
            return true;
        }
        int found = LongSteps.isOn(value, longStart, longIncrement, leastScale, room);
        return found < 0 ? isOn(Shortest.of(value)) : found > 0;
    }

    @Override
    public boolean isOn(long unscaled, int scale) {
        if (!isQuick(unscaled, checkedScale(scale))) {
            return isOn(BigDecimal.valueOf(unscaled, scale));
        }
        int shift = scale - leastScale;
        return LongSteps.isMultiple(unscaled - longStart * Tens.of(shift), longIncrement * Tens.of(shift));
    }

    @Override
    BigDecimal move(BigDecimal value, RoundingMode mode, int steps) {
        BigDecimal near = Checks.bounded(value, scale);
        BigDecimal distance = start.signum() == 0 ? near : near.subtract(start);
        BigDecimal multiple = distance.divide(increment, 0, fromStart(mode, distance));
        BigDecimal moved = steps == 0 ? multiple : multiple.add(BigDecimal.valueOf(steps));
        BigDecimal product = moved.multiply(increment);
        return (start.signum() == 0 ? product : start.add(product)).setScale(scale);
    }

    /** A mode that does to the distance from the start what the given one does to the value. */
    private RoundingMode fromStart(RoundingMode mode, BigDecimal distance) {
        if (start.signum() == 0 || opposite(mode) == mode) {
            return mode;
        }
        BigDecimal below = distance.divide(increment, 0, RoundingMode.FLOOR).multiply(increment);
        // whether of its two neighbours the one above is nearer to zero, the same for all that is between them
        boolean negative = start.add(below).multiply(TWO).add(increment).signum() < 0;
        return negative == (distance.signum() < 0) ? mode : opposite(mode);
    }

    private static RoundingMode opposite(RoundingMode mode) {
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
        BigDecimal meant = hasManyDigits(value) ? valueOf(value) : null;
        if (meant != null) {
            return toDouble(move(meant, mode, steps), value);
        }
        double quick = LongSteps.move(value, longStart, longIncrement, leastScale, room, mode, steps);
        return Double.isNaN(quick) ? toDouble(move(Shortest.of(value), mode, steps), value) : quick;
    }

    /** Whether it may stand for values of the grid with more digits than its shortest decimal has. */
    private boolean hasManyDigits(double value) {
        return Math.abs(value) >= sureBelow;
    }

    /** The value of the grid that reads back as a double, and is nearest to it; null if there is none. */
    private @Nullable BigDecimal valueOf(double value) {
        var exact = new BigDecimal(value);
        BigDecimal nearest = move(exact, RoundingMode.HALF_EVEN, 0);
        if (nearest.doubleValue() == value) {
            return nearest;
        }
        // what reads back as a power of two may be twice as far from it on one side as on the other
        int direction = exact.compareTo(nearest);
        BigDecimal other = move(nearest, RoundingMode.HALF_EVEN, direction);
        return other.doubleValue() == value ? other : null;
    }

    private double toDouble(BigDecimal moved, double from) {
        double result = moved.doubleValue();
        if (Double.isInfinite(result)) {
            throw new ArithmeticException(
                    "the result from " + from + " in " + this + " is beyond all doubles; pass a BigDecimal");
        }
        return result + 0.0;
    }

    @Override
    long move(long unscaled, int scale, RoundingMode mode, int steps) {
        if (!isQuick(unscaled, scale)) {
            return moveExactly(unscaled, scale, mode, steps);
        }
        int shift = scale - leastScale;
        long from = longStart * Tens.of(shift);
        long step = longIncrement * Tens.of(shift);
        return from + (LongSteps.multiple(unscaled - from, false, from, step, mode) + steps) * step;
    }

    /** Whether nothing can overflow: all numbers are less than 10^18 at this scale. */
    boolean isQuick(long unscaled, int scale) {
        return scale - leastScale <= room && LongSteps.room(unscaled) >= 0;
    }

    /** The distance from one value to the next, in the scale of results. */
    public BigDecimal increment() {
        return increment.setScale(scale);
    }

    /** One of the values, from which the others are counted, in the scale of results; zero unless chosen. */
    public BigDecimal start() {
        return start.setScale(scale);
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
        return other instanceof Grid grid
                && grid.increment().equals(increment())
                && grid.start().equals(start());
    }

    @Override
    public int hashCode() {
        return 31 * increment().hashCode() + start().hashCode();
    }

    /** {@code multiples of 0.05}, or {@code 0.01 + multiples of 0.05}. */
    @Override
    public String toString() {
        String multiples = "multiples of " + increment().toPlainString();
        return start.signum() == 0 ? multiples : start().toPlainString() + " + " + multiples;
    }
}
