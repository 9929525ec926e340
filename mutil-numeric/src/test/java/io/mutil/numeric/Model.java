package io.mutil.numeric;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/** The same in the plainest way. */
final class Model {
    private Model() {}

    /** The neighbours on the grid, and which of them is meant. */
    static BigDecimal round(BigDecimal value, BigDecimal start, BigDecimal step, RoundingMode mode) {
        BigInteger number = below(value, start, step);
        BigDecimal below = start.add(step.multiply(new BigDecimal(number)));
        BigDecimal above = below.add(step);
        if (below.compareTo(value) == 0) {
            return below;
        }
        boolean aboveIsNearerToZero = above.abs().compareTo(below.abs()) < 0;
        BigDecimal awayFromZero = aboveIsNearerToZero ? below : above;
        BigDecimal towardsZero = aboveIsNearerToZero ? above : below;
        int half = value.subtract(below).compareTo(above.subtract(value));
        BigDecimal nearer = half < 0 ? below : above;
        return switch (mode) {
            case CEILING -> above;
            case FLOOR -> below;
            case UP -> awayFromZero;
            case DOWN -> towardsZero;
            case HALF_UP -> half == 0 ? awayFromZero : nearer;
            case HALF_DOWN -> half == 0 ? towardsZero : nearer;
            case HALF_EVEN -> half == 0 ? (number.testBit(0) ? above : below) : nearer;
            case UNNECESSARY -> throw new ArithmeticException("off the grid");
        };
    }

    /** What a double stands for: the value of the grid that reads back as it, else its shortest decimal. */
    static BigDecimal meant(double value, BigDecimal start, BigDecimal step) {
        var exact = new BigDecimal(value);
        BigDecimal near = round(exact, start, step, RoundingMode.HALF_EVEN);
        return Stream.of(near, near.subtract(step), near.add(step))
                .filter(candidate -> candidate.doubleValue() == value)
                .min(Comparator.comparing(candidate -> candidate.subtract(exact).abs()))
                .orElseGet(() -> value == 0 ? BigDecimal.ZERO : shortest(value));
    }

    static BigDecimal next(BigDecimal value, BigDecimal start, BigDecimal step) {
        return start.add(step.multiply(new BigDecimal(below(value, start, step).add(BigInteger.ONE))));
    }

    static BigDecimal previous(BigDecimal value, BigDecimal start, BigDecimal step) {
        BigDecimal below = round(value, start, step, RoundingMode.FLOOR);
        return below.compareTo(value) < 0 ? below : below.subtract(step);
    }

    static boolean isOn(BigDecimal value, BigDecimal start, BigDecimal step) {
        return round(value, start, step, RoundingMode.FLOOR).compareTo(value) == 0;
    }

    /** How many steps from the start the value is that is not above the given one. */
    private static BigInteger below(BigDecimal value, BigDecimal start, BigDecimal step) {
        int scale = Math.max(value.scale(), Math.max(start.scale(), step.scale()));
        BigInteger distance = value.subtract(start).setScale(scale).unscaledValue();
        BigInteger unit = step.setScale(scale).unscaledValue();
        BigInteger[] parts = distance.divideAndRemainder(unit);
        return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    /** By the JDK's own format, once it is rounded: that of small numbers away from zero is not right there. */
    static String text(BigDecimal value, int least, int most, boolean grouping, RoundingMode mode) {
        var format = new DecimalFormat("0", DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setMinimumFractionDigits(least);
        format.setMaximumFractionDigits(most);
        format.setGroupingUsed(grouping);
        format.setGroupingSize(3);
        String text = format.format(value.setScale(most, mode));
        return text.matches("-[0.]*") ? text.substring(1) : text;
    }

    /**
     * The shortest decimal that reads back, and of those the nearest. The nearest of a length may not read back where another does,
     * as the doubles below a power of two are closer.
     */
    static BigDecimal shortest(double value) {
        var exact = new BigDecimal(value);
        for (int digits = 1; ; digits++) {
            for (RoundingMode mode : new RoundingMode[] {RoundingMode.HALF_EVEN, RoundingMode.UP, RoundingMode.DOWN}) {
                BigDecimal candidate = exact.round(new MathContext(digits, mode));
                if (candidate.doubleValue() == value) {
                    return candidate;
                }
            }
        }
    }
}
