package io.mutil.frame;

import java.util.List;

/** Writes columns side by side. */
final class Grid {
    private final Border border;
    private final List<Column> columns;
    private final int rows;
    private final int headerEvery;
    private final Cell cell;
    private final Buffer to;

    Grid(Choices choices, List<Column> columns, int rows, Cell cell, Buffer to) {
        border = choices.border();
        headerEvery = choices.headerEvery();
        this.columns = columns;
        this.rows = rows;
        this.cell = cell;
        this.to = to;
    }

    void write() {
        rule(border.top());
        header();
        for (int row = 0; row < rows; row++) {
            if (headerEvery > 0 && row > 0 && row % headerEvery == 0) {
                if (border == Border.MARKDOWN || border == Border.NONE) {
                    to.endLine();
                } else {
                    rule(border.middle());
                }
                header();
            }
            row(row);
        }
        rule(border.bottom());
    }

    private void header() {
        int start = to.length();
        to.add(border.left());
        for (int i = 0; i < columns.size(); i++) {
            between(i);
            cell.ofName(columns.get(i)).write(columns.get(i), to);
        }
        end(start);
        if (border == Border.MARKDOWN) {
            delimiters();
        } else {
            rule(border.middle());
        }
    }

    private void row(int row) {
        int start = to.length();
        to.add(border.left());
        for (int i = 0; i < columns.size(); i++) {
            between(i);
            Column column = columns.get(i);
            cell.of(column, column.cell(row)).write(column, to);
        }
        end(start);
    }

    private void between(int column) {
        if (column > 0) {
            to.add(border.between());
        }
    }

    private void end(int start) {
        to.add(border.right());
        if (border == Border.NONE) {
            int length = to.length();
            while (length > start && to.charAt(length - 1) == ' ') {
                length--;
            }
            to.cut(length);
        }
        to.endLine();
    }

    private void rule(String strokes) {
        if (strokes.isEmpty()) {
            return;
        }
        char line = strokes.charAt(1);
        to.add(strokes.charAt(0));
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) {
                to.add(strokes.charAt(2));
            }
            to.fill(line, columns.get(i).width() + 2);
        }
        to.add(strokes.charAt(3));
        to.endLine();
    }

    private void delimiters() {
        to.add('|');
        for (Column column : columns) {
            boolean right = column.type().isNumber();
            to.add(' ');
            to.fill('-', column.width() - (right ? 1 : 0));
            to.add(right ? ": |" : " |");
        }
        to.endLine();
    }
}
