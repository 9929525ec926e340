package io.mutil.frame;

import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** One column of what is printed, with what was measured over all its rows. */
final class Column {
    private static final int LEAST_CUT = 4;

    private final String name;
    private final CellType type;
    private final IntFunction<@Nullable Object> cells;
    private int decimals;
    private boolean decimalsGiven;
    private int fraction;
    private int nameWidth;
    private int cellWidth;
    private int natural;
    private int width;

    Column(String name, CellType type, IntFunction<@Nullable Object> cells) {
        this.name = name;
        this.type = type;
        this.cells = cells;
    }

    static Column ofRowNumbers() {
        return new Column("", CellType.INTEGER, Integer::valueOf);
    }

    /** Stands for columns that are not shown. */
    static Column ofHidden() {
        String ellipsis = String.valueOf(CellText.ELLIPSIS);
        return new Column(ellipsis, CellType.TEXT, row -> ellipsis);
    }

    String name() {
        return name;
    }

    CellType type() {
        return type;
    }

    @Nullable
    Object cell(int row) {
        return cells.apply(row);
    }

    /** Of {@link CellType#DECIMAL}; 0 for any other type. */
    int decimals() {
        return decimals;
    }

    /** Whether the caller chose how many. */
    boolean decimalsGiven() {
        return decimalsGiven;
    }

    /** Digits of a second. */
    int fraction() {
        return fraction;
    }

    /** In cells, as the layout has decided. */
    int width() {
        return width;
    }

    void width(int width) {
        this.width = width;
    }

    /** As wide as its name and its cells need. */
    int natural() {
        return natural;
    }

    /** As narrow as it may be cut so that others fit beside it. */
    int least() {
        int least = Math.max(LEAST_CUT, type == CellType.TEXT ? 0 : cellWidth);
        return Math.min(natural, least);
    }

    /** As wide as the widest of its cells. */
    int cellWidth() {
        return cellWidth;
    }

    boolean isCut() {
        return width < natural;
    }

    /** Goes over all rows: what they need in common, and then how wide they are. */
    Column measure(int rows, Choices choices, Cell cell) {
        chooseDecimals(rows, choices);
        chooseFraction(rows);
        nameWidth = cell.widthOf(name);
        for (int row = 0; row < rows; row++) {
            cellWidth = Math.max(cellWidth, cell.of(this, cells.apply(row)).width());
        }
        natural = Math.max(choices.border().narrowest(), Math.max(nameWidth, cellWidth));
        width = natural;
        return this;
    }

    private void chooseDecimals(int rows, Choices choices) {
        if (type != CellType.DECIMAL) {
            return;
        }
        Integer own = choices.decimalsOf().get(name);
        decimals = own == null ? choices.decimals() : own;
        decimalsGiven = decimals >= 0;
        if (decimalsGiven) {
            return;
        }
        decimals = 0;
        for (int row = 0; row < rows && decimals < choices.maxDecimals(); row++) {
            if (cells.apply(row) instanceof Number number) {
                decimals = Math.max(decimals, Numbers.decimals(number, choices.maxDecimals()));
            }
        }
    }

    private void chooseFraction(int rows) {
        if (type == CellType.TEMPORAL) {
            for (int row = 0; row < rows && fraction < 9; row++) {
                fraction = Math.max(fraction, Times.fraction(cells.apply(row)));
            }
        }
    }
}
