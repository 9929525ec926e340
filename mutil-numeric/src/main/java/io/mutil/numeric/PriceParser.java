package io.mutil.numeric;

import java.math.BigDecimal;

/** Reads one text: first which number it may be, then whether that number is printed so. */
final class PriceParser {
    /** No format prints more: blanks, or digits with commas. */
    private static final int LONGEST_TEXT = 2_000;

    private final PriceFormat format;
    private final int mostDecimals;
    private final CharSequence text;

    PriceParser(PriceFormat format, int mostDecimals, CharSequence text) {
        this.format = format;
        this.mostDecimals = mostDecimals;
        this.text = text;
    }

    BigDecimal parse() {
        if (text.length() > LONGEST_TEXT) {
            throw refusal("is too long", LONGEST_TEXT);
        }
        BigDecimal price = number();
        String printed = format.format(price);
        int same = common(printed);
        if (same < printed.length() || same < text.length()) {
            throw refusal("is printed " + Checks.shown(printed), same);
        }
        return price;
    }

    private BigDecimal number() {
        var plain = new StringBuilder();
        int point = -1;
        int at = 0;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        int begin = at;
        int digits = 0;
        for (; at < text.length(); at++) {
            char next = text.charAt(at);
            if (next == '.' && point < 0) {
                point = at;
            } else if (point >= 0 && at - point > mostDecimals) {
                throw refusal("has more than " + mostDecimals + " decimals", at);
            } else if (next == ',' && point < 0) {
                continue;
            } else if (!(next >= '0' && next <= '9') && !(next == '-' && at == begin)) {
                throw refusal("has a character that is no part of a price", at);
            } else if (point < 0 && digits == Checks.MOST_DIGITS) {
                throw refusal("has more than " + Checks.MOST_DIGITS + " digits before the point", at);
            }
            plain.append(next);
            digits += next == '-' ? 0 : 1;
        }
        return decimal(plain);
    }

    private BigDecimal decimal(StringBuilder plain) {
        if (plain.chars().noneMatch(c -> c >= '0' && c <= '9')) {
            throw refusal("has no digit", text.length());
        }
        return new BigDecimal(plain.toString());
    }

    private int common(String printed) {
        int at = 0;
        while (at < printed.length() && at < text.length() && printed.charAt(at) == text.charAt(at)) {
            at++;
        }
        return at;
    }

    private NumberFormatException refusal(String why, int position) {
        return new NumberFormatException("a price must be as this format prints it, but " + Checks.shown(text) + " "
                + why + ", at position " + position);
    }
}
