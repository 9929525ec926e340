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
    /** The widest that a text may be padded to. */
    static final int MOST_WIDTH = 1_000;

    private static final int LEAST_DECIMALS = 2;
    private static final int MOST_DECIMALS = 4;
    private static final PriceFormat STANDARD = builder().build();

    private final PriceText text;

    /** Two to four decimals, in groups, rounded half to even, not padded. */
    public static PriceFormat standard() {
        return STANDARD;
    }

    /** Choices, which begin with those of {@link #standard}. */
    public static Builder builder() {
        return new Builder();
    }

    private PriceFormat(PriceText text) {
        this.text = text;
    }

    /**
     * The same, with blanks before what is shorter. What is longer stays as it is.
     *
     * @param width in characters, from 0 to 1,000
     */
    public PriceFormat padded(int width) {
        Checks.between("width", width, 0, MOST_WIDTH);
        return new PriceFormat(
                new PriceText(text.leastDecimals(), text.mostDecimals(), text.grouping(), text.rounding(), width));
    }

    /**
     * The text of a price.
     *
     * @param price null is nothing, or blanks if it is {@linkplain #padded padded}
     * @throws ArithmeticException if it has more than 1,000 digits before the point
     */
    public String format(@Nullable BigDecimal price) {
        if (price == null) {
            return " ".repeat(text.width());
        }
        return isLong(price)
                ? text.text(digits(price), price.scale())
                : large(Checks.bounded(price, text.mostDecimals()));
    }

    /** The text of a price, or of what is no number. */
    public String format(double price) {
        long quick = Shortest.quick(price);
        return quick == Shortest.NONE
                ? appendTo(new StringBuilder(), price).toString()
                : text.text(Shortest.unscaled(quick), Shortest.scale(quick));
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
        Checks.between("scale", scale, 0, Tens.LONGEST);
        return unscaled == Long.MIN_VALUE ? large(BigDecimal.valueOf(unscaled, scale)) : text.text(unscaled, scale);
    }

    /**
     * Appends what {@link #format(BigDecimal)} returns.
     *
     * @return the builder
     */
    public StringBuilder appendTo(StringBuilder out, @Nullable BigDecimal price) {
        requireNonNull(out, "out");
        if (price == null) {
            return text.pad(out, 0);
        }
        if (isLong(price)) {
            text.append(out, digits(price), price.scale());
        } else {
            text.append(out, Checks.bounded(price, text.mostDecimals()));
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
            String name = Double.toString(price);
            return text.pad(out, name.length()).append(name);
        }
        long quick = Shortest.quick(price);
        if (quick != Shortest.NONE) {
            text.append(out, Shortest.unscaled(quick), Shortest.scale(quick));
        } else if (Shortest.exponent(price) <= 0) {
            text.append(out, Shortest.digits(price), -Shortest.exponent(price));
        } else {
            text.append(out, Shortest.of(price));
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
            text.append(out, BigDecimal.valueOf(unscaled, scale));
        } else {
            text.append(out, unscaled, scale);
        }
        return out;
    }

    private static boolean isLong(BigDecimal price) {
        return price.scale() >= 0 && price.precision() <= Tens.LONGEST;
    }

    /** Its digits, for which {@code unscaledValue} would make a large number first. */
    private static long digits(BigDecimal price) {
        return price.scaleByPowerOfTen(price.scale()).longValue();
    }

    private String large(BigDecimal price) {
        var out = new StringBuilder();
        text.append(out, price);
        return out.toString();
    }

    /**
     * Reads what this format prints, and nothing else: neither a missing group, nor a decimal too few or too many, nor {@code NaN}.
     * Blanks before it are as many as this format pads with.
     *
     * @return with the scale that is printed
     * @throws NumberFormatException if this format would not print it so; the message tells where
     */
    public BigDecimal parse(CharSequence text) {
        return new PriceParser(this, this.text.mostDecimals(), requireNonNull(text, "text")).parse();
    }

    /** The choices, for a log. */
    @Override
    public String toString() {
        return "PriceFormat[decimals " + text.leastDecimals() + " to " + text.mostDecimals() + ", "
                + (text.grouping() ? "" : "not ") + "grouped, " + text.rounding() + ", width " + text.width() + "]";
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
            Checks.between("most", most, 0, Tens.LONGEST);
            leastDecimals = Checks.between("least", least, 0, most);
            mostDecimals = most;
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
            return new PriceFormat(new PriceText(leastDecimals, mostDecimals, grouping, rounding, 0));
        }
    }
}
