package io.mutil.numeric;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * The text of prices: groups of three digits, at least two and at most four decimals, or as many as chosen.
 *
 * <pre>{@code
 * PriceFormat prices = PriceFormat.standard();
 * String price = prices.format(800000222222.3337);                     // 800,000,222,222.3337
 * String cell = prices.padded(10).format(new BigDecimal("3.3"));       //       3.30
 * String cents = prices.format(123_450L, 2);                           // 1,234.50
 * BigDecimal back = prices.parse("1,234.50");
 * }</pre>
 *
 * <p>The same in all locales, and for the same number in all types: a comma between groups, a point before the decimals, never an
 * exponent, never fewer decimals than the least. More than the least are printed up to the last that is not zero; what is over the
 * most is rounded, from the shortest decimal that reads back as a {@code double}. Zero has no sign, even if it was a small number
 * below. {@code NaN}, {@code Infinity} and {@code -Infinity} are printed so, and null as nothing.
 *
 * <p>Immutable, safe for many threads. {@code appendTo} makes no garbage for longs, and for doubles below 10^16, apart from
 * the growth of the {@code StringBuilder}.
 */
public final class PriceFormat {
    private static final int LEAST_DECIMALS = 2;
    private static final int MOST_DECIMALS = 4;
    private static final int MOST_WIDTH = 1_000;
    private static final PriceFormat STANDARD = builder().build();

    private final int leastDecimals;
    private final int mostDecimals;
    private final boolean grouping;
    private final RoundingMode rounding;
    private final int width;

    /** Two to four decimals, in groups, rounded half to even, not padded. */
    public static PriceFormat standard() {
        return STANDARD;
    }

    /** Choices, which begin with those of {@link #standard}. */
    public static Builder builder() {
        return new Builder();
    }

    private PriceFormat(Builder choices, int width) {
        this(choices.leastDecimals, choices.mostDecimals, choices.grouping, choices.rounding, width);
    }

    private PriceFormat(int leastDecimals, int mostDecimals, boolean grouping, RoundingMode rounding, int width) {
        this.leastDecimals = leastDecimals;
        this.mostDecimals = mostDecimals;
        this.grouping = grouping;
        this.rounding = rounding;
        this.width = width;
    }

    /**
     * The same, with blanks before what is shorter. What is longer stays as it is.
     *
     * @param width in characters, from 0 to 1,000
     */
    public PriceFormat padded(int width) {
        return new PriceFormat(
                leastDecimals, mostDecimals, grouping, rounding, Checks.between("width", width, 0, MOST_WIDTH));
    }

    /**
     * The text of a price.
     *
     * @param price null is nothing, or blanks if it is {@linkplain #padded padded}
     * @throws ArithmeticException if it has more than 1,000 digits before the point
     */
    public String format(@Nullable BigDecimal price) {
        return appendTo(new StringBuilder(24), price).toString();
    }

    /** The text of a price, or of what is no number. */
    public String format(double price) {
        return appendTo(new StringBuilder(24), price).toString();
    }

    /** The text of a whole number, which a double might not hold. */
    public String format(long price) {
        return format(price, 0);
    }

    /**
     * The text of a price in a stated scale.
     *
     * @param unscaled the price, times ten to the power of the scale
     * @param scale from 0 to 18
     */
    public String format(long unscaled, int scale) {
        return appendTo(new StringBuilder(24), unscaled, scale).toString();
    }

    /**
     * Appends what {@link #format(BigDecimal)} returns.
     *
     * @return the builder
     */
    public StringBuilder appendTo(StringBuilder out, @Nullable BigDecimal price) {
        requireNonNull(out, "out");
        if (price == null) {
            return padTo(out, 0);
        }
        BigDecimal near = Checks.bounded(price, mostDecimals);
        if (near.scale() >= 0 && near.precision() <= Tens.LONGEST) {
            appendLong(out, near.unscaledValue().longValue(), near.scale());
        } else {
            appendLarge(out, near);
        }
        return out;
    }

    /**
     * Appends what {@link #format(double)} returns.
     *
     * @return the builder
     */
    public StringBuilder appendTo(StringBuilder out, double price) {
        requireNonNull(out, "out");
        if (!Double.isFinite(price)) {
            String text = Double.toString(price);
            return padTo(out, text.length()).append(text);
        }
        long quick = Shortest.quick(price);
        if (quick != Shortest.NONE) {
            appendLong(out, Shortest.unscaled(quick), Shortest.scale(quick));
        } else if (Shortest.exponent(price) <= 0) {
            appendLong(out, Shortest.digits(price), -Shortest.exponent(price));
        } else {
            appendLarge(out, Shortest.of(price));
        }
        return out;
    }

    /**
     * Appends what {@link #format(long)} returns.
     *
     * @return the builder
     */
    public StringBuilder appendTo(StringBuilder out, long price) {
        return appendTo(out, price, 0);
    }

    /**
     * Appends what {@link #format(long, int)} returns.
     *
     * @return the builder
     */
    public StringBuilder appendTo(StringBuilder out, long unscaled, int scale) {
        requireNonNull(out, "out");
        Checks.between("scale", scale, 0, Tens.LONGEST);
        if (unscaled == Long.MIN_VALUE) {
            // has no counterpart above zero
            appendLarge(out, BigDecimal.valueOf(unscaled, scale));
        } else {
            appendLong(out, unscaled, scale);
        }
        return out;
    }

    private void appendLong(StringBuilder out, long unscaled, int scale) {
        long rounded =
                scale <= mostDecimals ? unscaled : LongSteps.withoutPlaces(unscaled, scale - mostDecimals, rounding);
        int decimals = Math.min(scale, mostDecimals);
        long size = Math.abs(rounded);
        long tens = Tens.of(decimals);
        long whole = Tens.floorDiv(size, tens);
        long fraction = size - whole * tens;
        while (decimals > leastDecimals && fraction % 10 == 0) {
            fraction /= 10;
            decimals--;
        }
        if (decimals < leastDecimals) {
            fraction *= Tens.of(leastDecimals - decimals);
            decimals = leastDecimals;
        }
        append(out, rounded < 0, whole, fraction, decimals);
    }

    /** From the end to the beginning, once the length is known. */
    private void append(StringBuilder out, boolean negative, long whole, long fraction, int decimals) {
        int digits = Tens.digits(whole);
        int length =
                (negative ? 1 : 0) + digits + (grouping ? (digits - 1) / 3 : 0) + (decimals > 0 ? decimals + 1 : 0);
        padTo(out, length);
        int at = out.length() + length;
        out.setLength(at);
        if (decimals > 0) {
            at = backwards(out, at, fraction, decimals);
            out.setCharAt(--at, '.');
        }
        long rest = whole;
        for (int left = digits; left > 0; left -= 3) {
            int group = Math.min(left, 3);
            long above = rest / 1000;
            at = backwards(out, at, rest - above * 1000, group);
            rest = above;
            if (grouping && left > 3) {
                out.setCharAt(--at, ',');
            }
        }
        if (negative) {
            out.setCharAt(--at, '-');
        }
    }

    private static int backwards(StringBuilder out, int end, long number, int digits) {
        int at = end;
        long rest = number;
        for (int i = 0; i < digits; i++) {
            long above = rest / 10;
            out.setCharAt(--at, (char) ('0' + (rest - above * 10)));
            rest = above;
        }
        return at;
    }

    private void appendLarge(StringBuilder out, BigDecimal price) {
        BigDecimal rounded = price.scale() > mostDecimals ? price.setScale(mostDecimals, rounding) : price;
        BigDecimal shortest = rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros();
        BigDecimal size =
                shortest.setScale(Math.max(shortest.scale(), leastDecimals)).abs();
        var text = new StringBuilder(size.toPlainString());
        if (grouping) {
            for (int at = text.length() - size.scale() - (size.scale() > 0 ? 1 : 0) - 3; at > 0; at -= 3) {
                text.insert(at, ',');
            }
        }
        if (shortest.signum() < 0) {
            text.insert(0, '-');
        }
        padTo(out, text.length()).append(text);
    }

    private StringBuilder padTo(StringBuilder out, int length) {
        for (int i = length; i < width; i++) {
            out.append(' ');
        }
        return out;
    }

    /**
     * Reads what this format prints, and nothing else: neither a missing group, nor a decimal too few or too many, nor {@code NaN}.
     * Blanks before it are as many as this format pads with.
     *
     * @return with the scale that is printed
     * @throws NumberFormatException if this format would not print it so; the message tells where
     */
    public BigDecimal parse(CharSequence text) {
        return new PriceParser(this, mostDecimals, requireNonNull(text, "text")).parse();
    }

    /** The choices, for a log. */
    @Override
    public String toString() {
        return "PriceFormat[decimals " + leastDecimals + " to " + mostDecimals + ", " + (grouping ? "" : "not ")
                + "grouped, " + rounding + ", width " + width + "]";
    }

    /** Choices for a {@link PriceFormat}. Not thread-safe. */
    public static final class Builder {
        private int leastDecimals = LEAST_DECIMALS;
        private int mostDecimals = MOST_DECIMALS;
        private boolean grouping = true;
        private RoundingMode rounding = RoundingMode.HALF_EVEN;

        private Builder() {}

        /**
         * How many decimals are printed. Default 2 to 4.
         *
         * @param least zeros are added up to here; from 0 to {@code most}
         * @param most digits are rounded to here; at most 18
         */
        public Builder decimals(int least, int most) {
            mostDecimals = Checks.between("most", most, 0, Tens.LONGEST);
            leastDecimals = Checks.between("least", least, 0, most);
            return this;
        }

        /** Whether there are commas between groups of three digits. Default true. */
        public Builder grouping(boolean grouping) {
            this.grouping = grouping;
            return this;
        }

        /** How digits are rounded that are not printed. Default {@link RoundingMode#HALF_EVEN}. */
        public Builder rounding(RoundingMode rounding) {
            this.rounding = requireNonNull(rounding, "rounding");
            return this;
        }

        /** Makes the format. */
        public PriceFormat build() {
            return new PriceFormat(this, 0);
        }
    }
}
