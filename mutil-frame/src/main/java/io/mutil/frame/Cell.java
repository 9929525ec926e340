package io.mutil.frame;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** One cell at a time, as it is shown. Numbers and times stay in a buffer that is used again. */
final class Cell {
    private static final String BOLD = "\u001b[1m";
    private static final String DIM = "\u001b[2m";
    private static final String RED = "\u001b[31m";

    private final CellText texts;
    private final Buffer digits = new Buffer(null);
    private final String nulls;
    private final boolean grouping;
    private final int maxDecimals;
    private final boolean colours;
    private @Nullable String text;
    private String style = "";

    Cell(Choices choices, boolean colours) {
        this.colours = colours && !choices.isMarkdown();
        texts = new CellText(choices.isMarkdown(), this.colours);
        nulls = choices.nulls();
        grouping = choices.grouping();
        maxDecimals = choices.maxDecimals();
    }

    CellText texts() {
        return texts;
    }

    int widthOf(String text) {
        return texts.width(text);
    }

    /** Takes a value of a column. */
    Cell of(Column column, @Nullable Object value) {
        digits.clear();
        style = "";
        text = null;
        if (value instanceof Number number && column.type() != CellType.TEXT) {
            number(column, number);
        } else if (value instanceof CharSequence
                || value == null
                || !Times.write(value, fraction(column, value), digits)) {
            text = textOf(value);
        }
        return this;
    }

    /** What is no time by its column has a fraction of its own. */
    private static int fraction(Column column, Object value) {
        return column.type() == CellType.TEMPORAL ? column.fraction() : Times.fraction(value);
    }

    /** Takes the name of a column. */
    Cell ofName(Column column) {
        text = column.name();
        style = BOLD;
        return this;
    }

    private String textOf(@Nullable Object value) {
        String text = value == null ? null : value.toString();
        if (text == null) {
            style = DIM;
            return nulls;
        }
        return text;
    }

    private void number(Column column, Number number) {
        if (number instanceof Double || number instanceof Float || number instanceof BigDecimal) {
            // what has decimals in a column without has them for itself
            int decimals =
                    column.type() == CellType.DECIMAL ? column.decimals() : Numbers.decimals(number, maxDecimals);
            Numbers.write(number, decimals, grouping, !column.decimalsGiven(), digits);
        } else {
            whole(column, number);
        }
        if (digits.length() > 0 && digits.charAt(0) == '-') {
            style = RED;
        }
    }

    private void whole(Column column, Number number) {
        if (number instanceof BigInteger) {
            Numbers.write(number.toString(), grouping, digits);
        } else if (CellType.of(number.getClass()) == CellType.INTEGER) {
            Numbers.write(number.longValue(), grouping, digits);
        } else {
            text = textOf(number);
            return;
        }
        if (column.decimals() > 0) {
            digits.add('.');
            digits.fill('0', column.decimals());
        }
    }

    /** How many terminal cells it takes. */
    int width() {
        return text == null ? digits.length() : texts.width(text);
    }

    /** Writes it as wide as the column, cut if it is wider. */
    void write(Column column, Buffer to) {
        int start = to.length();
        // less than there was room for if a wide glyph did not fit
        int left = column.width() - write(column.width(), to);
        to.insert(column.type().isNumber() ? start : to.length(), left);
    }

    /** Writes it, cut if it is wider than so much; returns how wide it is. */
    int write(int most, Buffer to) {
        boolean styled = colours && !style.isEmpty();
        if (styled) {
            to.add(style);
        }
        int width = text == null ? writeDigits(most, to) : texts.write(text, most, to);
        if (styled) {
            to.add(CellText.RESET);
        }
        return width;
    }

    private int writeDigits(int most, Buffer to) {
        if (digits.length() <= most) {
            to.add(digits, 0, digits.length());
            return digits.length();
        }
        to.add(digits, 0, most - 1);
        to.add(CellText.ELLIPSIS);
        return most;
    }

    /** Writes a part of it; returns where the rest begins, and -1 if there is none. */
    int writePart(int from, int most, Buffer to) {
        boolean styled = colours && !style.isEmpty();
        if (styled) {
            to.add(style);
        }
        String all = text == null ? digits.toString() : from == 0 ? texts.ready(text) : text;
        text = all;
        int rest = texts.writePart(all, from, most, to);
        if (styled) {
            to.add(CellText.RESET);
        }
        return rest == all.length() ? -1 : rest;
    }
}
