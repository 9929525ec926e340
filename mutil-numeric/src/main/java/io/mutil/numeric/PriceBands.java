package io.mutil.numeric;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * Increments that depend on the price: a table of tick sizes.
 *
 * <pre>{@code
 * PriceBands ticks = PriceBands.below("1", "0.0001").from("1", "0.01").from("50", "0.05");
 * BigDecimal cheap = ticks.round(new BigDecimal("0.12344"));    // 0.1234
 * BigDecimal edge = ticks.round(new BigDecimal("0.99996"));     // 1.00: on the grid that holds from 1
 * double next = ticks.next(49.99);                              // 50.0
 * double after = ticks.next(50.0);                              // 50.05
 * }</pre>
 *
 * <p>A band begins with its first price. Where two meet must be a multiple of both increments, so that it is the next value of one
 * and the first of the other. What rounds to it is on the grid, and has the scale, of the upper band. Prices below zero have the
 * increments of those above: the table is read by magnitude.
 */
public final class PriceBands extends Increments {
    /** More digits than this, and a double may stand for two decimals. */
    private static final int MOST_DIGITS = 15;

    private final List<Grid> grids;
    private final List<BigDecimal> starts;
    private final double[] doubleStarts;
    private final long[] longStarts;
    private final int leastScale;

    /**
     * The first band: prices from zero up to a limit.
     *
     * @param limit positive; a multiple of the increment, with at most 15 digits
     * @param increment positive
     */
    public static First below(String limit, String increment) {
        return below(Checks.decimal("limit", limit), Checks.decimal("increment", increment));
    }

    /**
     * The first band: prices from zero up to a limit.
     *
     * @param limit positive; a multiple of the increment, with at most 15 digits
     * @param increment positive
     */
    public static First below(BigDecimal limit, BigDecimal increment) {
        Grid grid = Grid.of(increment);
        return new First(edge("limit", limit, grid), grid);
    }

    private PriceBands(List<Grid> grids, List<BigDecimal> starts) {
        this.grids = List.copyOf(grids);
        this.starts = List.copyOf(starts);
        doubleStarts = starts.stream().mapToDouble(BigDecimal::doubleValue).toArray();
        leastScale = grids.stream().mapToInt(Grid::leastScale).max().orElseThrow();
        longStarts = starts.stream().mapToLong(this::asLong).toArray();
    }

    /** At the least scale; less than zero if it is beyond all longs. */
    private long asLong(BigDecimal edge) {
        BigDecimal whole = edge.movePointRight(leastScale);
        return isLong(whole) ? whole.longValueExact() : -1;
    }

    private static BigDecimal edge(String name, BigDecimal edge, Grid grid) {
        BigDecimal plain = Checks.positive(name, edge);
        if (plain.stripTrailingZeros().precision() > MOST_DIGITS) {
            throw new IllegalArgumentException(name + " must have at most " + MOST_DIGITS + " digits, was " + edge);
        }
        if (!grid.isOn(plain)) {
            throw new IllegalArgumentException(
                    name + " must be one of the " + grid + ", was " + edge + "; bands meet where both have a value");
        }
        if (plain.doubleValue() < Double.MIN_NORMAL) {
            throw new IllegalArgumentException(name + " must be at least " + Double.MIN_NORMAL + ", was " + edge);
        }
        return plain.stripTrailingZeros();
    }

    /**
     * These, and another band above them, which goes on without end.
     *
     * @param price where it begins; greater than where the one before began, a multiple of both increments, at most 15 digits
     * @param increment positive
     */
    public PriceBands from(String price, String increment) {
        return from(Checks.decimal("price", price), Checks.decimal("increment", increment));
    }

    /**
     * These, and another band above them, which goes on without end.
     *
     * @param price where it begins; greater than where the one before began, a multiple of both increments, at most 15 digits
     * @param increment positive
     */
    public PriceBands from(BigDecimal price, BigDecimal increment) {
        BigDecimal before = starts.get(starts.size() - 1);
        if (requireNonNull(price, "price").compareTo(before) <= 0) {
            throw new IllegalArgumentException("price must be greater than " + before.toPlainString()
                    + ", where the band before begins, was " + price + "; name the bands from the lowest up");
        }
        return with(price, Grid.of(increment));
    }

    private PriceBands with(BigDecimal price, Grid grid) {
        edge("price", price, grids.get(grids.size() - 1));
        var moreGrids = new ArrayList<>(grids);
        moreGrids.add(grid);
        var moreStarts = new ArrayList<>(starts);
        moreStarts.add(edge("price", price, grid));
        return new PriceBands(moreGrids, moreStarts);
    }

    /**
     * The increment that holds at a price, and for the next one above it in magnitude.
     *
     * @param price need not be on the grid
     */
    public BigDecimal incrementAt(BigDecimal price) {
        return grids.get(band(requireNonNull(price, "price").abs())).increment();
    }

    @Override
    public boolean isOn(BigDecimal value) {
        return grids.get(band(value.abs())).isOn(value);
    }

    @Override
    public boolean isOn(double value) {
        return grids.get(band(Math.abs(value))).isOn(value);
    }

    @Override
    public boolean isOn(long unscaled, int scale) {
        checkedScale(scale);
        return unscaled == Long.MIN_VALUE
                ? isOn(BigDecimal.valueOf(unscaled, scale))
                : grids.get(band(Math.abs(unscaled), scale)).isOn(unscaled, scale);
    }

    @Override
    BigDecimal move(BigDecimal value, RoundingMode mode, int steps) {
        if (isMirrored(value.signum(), steps)) {
            return move(value.negate(), mirrored(mode), -steps).negate();
        }
        int band = band(value);
        int holding = steps < 0 && value.compareTo(starts.get(band)) == 0 ? band - 1 : band;
        BigDecimal moved = grids.get(holding).move(value, mode, steps);
        return moved.setScale(grids.get(band(moved)).scale());
    }

    @Override
    double move(double value, RoundingMode mode, int steps) {
        if (isMirrored((int) Math.signum(value), steps)) {
            // zero minus zero has no sign
            return 0 - move(-value, mirrored(mode), -steps);
        }
        int band = band(value);
        int holding = steps < 0 && value == doubleStarts[band] ? band - 1 : band;
        return grids.get(holding).move(value, mode, steps);
    }

    @Override
    long move(long unscaled, int scale, RoundingMode mode, int steps) {
        if (unscaled == Long.MIN_VALUE) {
            // has no counterpart above zero
            return moveExactly(unscaled, scale, mode, steps);
        }
        boolean mirrored = isMirrored(Long.signum(unscaled), steps);
        long magnitude = Math.abs(unscaled);
        int outwards = mirrored ? -steps : steps;
        int band = band(magnitude, scale);
        int holding = outwards < 0 && compare(magnitude, scale, band) == 0 ? band - 1 : band;
        Grid grid = grids.get(holding);
        if (!grid.isQuick(magnitude, scale)) {
            // a result may fit below zero and not above
            return moveExactly(unscaled, scale, mode, steps);
        }
        long moved = grid.move(magnitude, scale, mirrored ? mirrored(mode) : mode, outwards);
        return mirrored ? -moved : moved;
    }

    /** Whether a value moves below zero, where everything is as above it the other way round. */
    private static boolean isMirrored(int sign, int steps) {
        return sign < 0 || (sign == 0 && steps < 0);
    }

    private static RoundingMode mirrored(RoundingMode mode) {
        return switch (mode) {
            case CEILING -> RoundingMode.FLOOR;
            case FLOOR -> RoundingMode.CEILING;
            default -> mode;
        };
    }

    private int band(BigDecimal magnitude) {
        int band = starts.size() - 1;
        while (band > 0 && magnitude.compareTo(starts.get(band)) < 0) {
            band--;
        }
        return band;
    }

    private int band(double magnitude) {
        int band = doubleStarts.length - 1;
        while (magnitude < doubleStarts[band]) {
            band--;
        }
        return band;
    }

    private int band(long magnitude, int scale) {
        int band = starts.size() - 1;
        while (band > 0 && compare(magnitude, scale, band) < 0) {
            band--;
        }
        return band;
    }

    private int compare(long magnitude, int scale, int band) {
        long start = longStarts[band];
        long tens = Tens.of(scale - leastScale);
        boolean beyond = start < 0 || Math.multiplyHigh(start, tens) != 0 || start * tens < 0;
        return beyond ? -1 : Long.compare(magnitude, start * tens);
    }

    @Override
    int leastScale() {
        return leastScale;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PriceBands bands && bands.grids.equals(grids) && bands.starts.equals(starts);
    }

    @Override
    public int hashCode() {
        return 31 * grids.hashCode() + starts.hashCode();
    }

    /** {@code multiples of 0.0001, from 1 of 0.01}. */
    @Override
    public String toString() {
        var text = new StringBuilder(grids.get(0).toString());
        for (int band = 1; band < grids.size(); band++) {
            text.append(", from ").append(starts.get(band).toPlainString());
            text.append(" of ").append(grids.get(band).increment().toPlainString());
        }
        return text.toString();
    }

    /** The first band, which ends where the second begins. Immutable. */
    public static final class First {
        private final BigDecimal limit;
        private final Grid grid;

        private First(BigDecimal limit, Grid grid) {
            this.limit = limit;
            this.grid = grid;
        }

        /**
         * The second band, which goes on without end.
         *
         * @param price the limit of the first
         * @param increment positive; the limit must be a multiple of it too
         */
        public PriceBands from(String price, String increment) {
            return from(Checks.decimal("price", price), Checks.decimal("increment", increment));
        }

        /**
         * The second band, which goes on without end.
         *
         * @param price the limit of the first
         * @param increment positive; the limit must be a multiple of it too
         */
        public PriceBands from(BigDecimal price, BigDecimal increment) {
            if (requireNonNull(price, "price").compareTo(limit) != 0) {
                throw new IllegalArgumentException(
                        "price must be " + limit.toPlainString() + ", where the band below ends, was " + price);
            }
            return new PriceBands(List.of(grid), List.of(BigDecimal.ZERO)).with(price, Grid.of(increment));
        }
    }
}
