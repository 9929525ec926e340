package io.mutil.frame;

import java.util.List;

/** Writes a block for each row, with a line for each column, and more lines for values that are long. */
final class Blocks {
    private static final int BESIDE_NAME = 2;
    /** A longer rule would only hide the row numbers. */
    private static final int MOST_RULE = 40;

    private final Border border;
    private final boolean index;
    private final List<Column> columns;
    private final int rows;
    private final int width;
    private final int nameWidth;
    private final Cell cell;
    private final Buffer to;

    Blocks(Choices choices, List<Column> columns, int rows, int width, Cell cell, Buffer to) {
        border = choices.border();
        index = choices.index();
        this.columns = columns;
        this.rows = rows;
        this.width = width;
        this.cell = cell;
        this.to = to;
        int longest = 1;
        for (Column column : columns) {
            longest = Math.max(longest, cell.widthOf(column.name()));
        }
        nameWidth = Math.min(Math.max(longest, border.narrowest()), width / 2);
    }

    /** How many columns have a name, or in Markdown a value, that is too wide. */
    long cut() {
        int room = border == Border.MARKDOWN ? width - nameWidth - border.around(2) : Integer.MAX_VALUE;
        return columns.stream()
                .filter(column -> cell.widthOf(column.name()) > nameWidth || column.cellWidth() > room)
                .count();
    }

    void write() {
        for (int row = 0; row < rows; row++) {
            if (border == Border.MARKDOWN) {
                table(row);
            } else {
                title(row);
                for (Column column : columns) {
                    line(column, row);
                }
            }
        }
    }

    /** A table of names and values, the row number in its header. */
    private void table(int row) {
        if (row > 0) {
            to.endLine();
        }
        String number = index ? Integer.toString(row) : "";
        to.add("| ");
        to.add(number);
        to.fill(' ', nameWidth - number.length());
        to.add(" |   |");
        to.endLine();
        to.add("| ");
        to.fill('-', nameWidth);
        to.add(" | --- |");
        to.endLine();
        for (Column column : columns) {
            to.add(border.left());
            to.fill(' ', nameWidth - cell.ofName(column).write(nameWidth, to));
            to.add(border.between());
            var unused = cell.of(column, column.cell(row)).write(width - nameWidth - border.around(2), to);
            to.add(border.right());
            to.endLine();
        }
    }

    private void title(int row) {
        if (border == Border.NONE) {
            if (row > 0) {
                to.endLine();
            }
            if (index) {
                to.add(Integer.toString(row));
                to.endLine();
            }
            return;
        }
        char line = border.top().charAt(1);
        int taken = 0;
        if (index) {
            int start = to.length();
            to.add(line);
            to.add(' ');
            to.add(Integer.toString(row));
            to.add(' ');
            taken = to.length() - start;
        }
        to.fill(line, Math.min(width, MOST_RULE) - taken);
        to.endLine();
    }

    private void line(Column column, int row) {
        int room = width - nameWidth - BESIDE_NAME;
        to.fill(' ', nameWidth - cell.ofName(column).write(nameWidth, to));
        to.add(": ");
        cell.of(column, column.cell(row));
        int rest = cell.writePart(0, room, to);
        while (rest >= 0) {
            to.endLine();
            to.fill(' ', nameWidth + BESIDE_NAME);
            rest = cell.writePart(rest, room, to);
        }
        to.endLine();
    }
}
