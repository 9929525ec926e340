package io.mutil.numeric;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The choices of a {@link PriceFormat}, and how its texts are written: all decimals that there may be, and then without the zeros
 * at the end that there need not be.
 *
 * <p>There are two writers for longs, since a {@code String} is made quickest of bytes, and nothing but a {@code StringBuilder}
 * itself is there for one that is to leave no garbage.
 *
 * @param leastDecimals zeros are kept up to here
 * @param mostDecimals digits are rounded to here
 * @param grouping whether there are commas
 * @param rounding of what is not printed
 * @param width padded to
 */
record PriceText(int leastDecimals, int mostDecimals, boolean grouping, RoundingMode rounding, int width) {
    /** Of a long, with sign and commas, but no decimals. */
    private static final int LONGEST_WHOLE = 26;

    private static final String BLANKS = " ".repeat(PriceFormat.MOST_WIDTH);

    /** The text of a long that has a counterpart above zero, in a scale that is not negative. */
    String text(long unscaled, int scale) {
        int decimals = Math.min(scale, mostDecimals);
        long rounded = rounded(unscaled, scale);
        long size = Math.abs(rounded);
        long whole = Tens.quotient(size, decimals);
        byte[] text = new byte[Math.max(width, LONGEST_WHOLE) + 1 + mostDecimals];
        int point = text.length - 1 - mostDecimals;
        digits(text, text.length, fraction(size, whole, decimals), mostDecimals);
        text[point] = '.';
        int begin = whole(text, point, whole);
        if (rounded < 0) {
            text[--begin] = '-';
        }
        int end = end(text, point);
        while (end - begin < width) {
            text[--begin] = ' ';
        }
        return new String(text, begin, end - begin, ISO_8859_1);
    }

    /** Appends the text of a long that has a counterpart above zero, in a scale that is not negative. */
    void append(StringBuilder out, long unscaled, int scale) {
        int begin = out.length();
        int decimals = Math.min(scale, mostDecimals);
        long rounded = rounded(unscaled, scale);
        long size = Math.abs(rounded);
        long whole = Tens.quotient(size, decimals);
        if (rounded < 0) {
            out.append('-');
        }
        appendWhole(out, whole);
        int point = out.length();
        // a one in front keeps the zeros, and makes room for the point
        out.append(Tens.of(mostDecimals) + fraction(size, whole, decimals)).setCharAt(point, '.');
        out.setLength(end(out, point));
        int missing = width - (out.length() - begin);
        if (missing > 0) {
            out.insert(begin, BLANKS, 0, missing);
        }
    }

    /** Appends the text of any decimal, by way of the JDK's. */
    void append(StringBuilder out, BigDecimal price) {
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
        pad(out, text.length()).append(text);
    }

    /** Appends the blanks before a text of this length. */
    StringBuilder pad(StringBuilder out, int length) {
        return out.append(BLANKS, 0, Math.max(0, width - length));
    }

    private long rounded(long unscaled, int scale) {
        return scale <= mostDecimals ? unscaled : LongSteps.withoutPlaces(unscaled, scale - mostDecimals, rounding);
    }

    /** In the last decimal that there may be. */
    private long fraction(long size, long whole, int decimals) {
        return (size - whole * Tens.of(decimals)) * Tens.of(mostDecimals - decimals);
    }

    /** Writes backwards, and returns where it begins. */
    private int whole(byte[] text, int end, long number) {
        int begin = end;
        long rest = number;
        while (rest >= 1000) {
            long above = rest / 1000;
            begin = digits(text, begin, rest - above * 1000, 3);
            if (grouping) {
                text[--begin] = ',';
            }
            rest = above;
        }
        int last = (int) rest;
        do {
            int above = last / 10;
            text[--begin] = (byte) ('0' + last - above * 10);
            last = above;
        } while (last > 0);
        return begin;
    }

    private static int digits(byte[] text, int end, long number, int count) {
        long rest = number;
        for (int at = end - 1; at >= end - count; at--) {
            long above = rest / 10;
            text[at] = (byte) ('0' + (rest - above * 10));
            rest = above;
        }
        return end - count;
    }

    private int end(byte[] text, int point) {
        int end = text.length;
        while (end > point + 1 + leastDecimals && text[end - 1] == '0') {
            end--;
        }
        return end == point + 1 ? point : end;
    }

    private void appendWhole(StringBuilder out, long number) {
        if (!grouping || number < 1000) {
            out.append(number);
            return;
        }
        long above = number / 1000;
        appendWhole(out, above);
        int comma = out.length();
        out.append((int) (1000 + number - above * 1000)).setCharAt(comma, ',');
    }

    private int end(StringBuilder text, int point) {
        int end = text.length();
        while (end > point + 1 + leastDecimals && text.charAt(end - 1) == '0') {
            end--;
        }
        return end == point + 1 ? point : end;
    }
}
