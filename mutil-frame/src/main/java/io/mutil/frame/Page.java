package io.mutil.frame;

import java.util.ArrayList;
import java.util.List;

/** A caption, the rows, and how many there are. */
final class Page {
    private final Choices choices;
    private final Rows rows;
    private final int width;
    private final Cell cell;
    private final Buffer to;

    Page(Choices choices, Rows rows, int width, boolean colours, Buffer to) {
        this.choices = choices;
        this.rows = rows;
        this.width = width;
        this.to = to;
        cell = new Cell(choices, colours);
    }

    void write() {
        int count = Checks.notNegative("rowCount", rows.rowCount());
        List<Column> columns = columns(count);
        if (choices.caption() != null) {
            line(choices.caption());
            gap();
        }
        String missing = columns.isEmpty() ? "" : body(columns, count);
        if (choices.count()) {
            if (!columns.isEmpty()) {
                gap();
            }
            line(counted(count, "row") + ", " + counted(columns.size(), "column") + missing);
        }
        to.flush();
    }

    private List<Column> columns(int count) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < Checks.notNegative("columnCount", rows.columnCount()); i++) {
            int column = i;
            columns.add(new Column(rows.name(i), rows.type(i), row -> rows.cell(row, column))
                    .measure(count, choices, cell));
        }
        return columns;
    }

    /** Returns what was not shown. */
    private String body(List<Column> columns, int count) {
        if (choices.wide() == Wide.BLOCKS) {
            new Blocks(choices, columns, count, width, cell, to).write();
            return "";
        }
        Layout layout = Layout.of(choices, index(count), columns, width);
        boolean first = true;
        for (List<Column> group : layout.groups()) {
            if (!first) {
                to.endLine();
            }
            first = false;
            new Grid(choices, group, count, cell, to).write();
        }
        long cut = columns.stream().filter(Column::isCut).count();
        return (cut == 0 ? "" : ", " + cut + " cut") + (layout.hidden() == 0 ? "" : ", " + layout.hidden() + " hidden");
    }

    private List<Column> index(int count) {
        if (!choices.index()) {
            return List.of();
        }
        // all numbers are at most as wide as the last
        Column numbers = Column.ofRowNumbers();
        numbers.width(Math.max(choices.border().narrowest(), Numbers.digits(Math.max(0, count - 1))));
        return List.of(numbers);
    }

    /** Markdown has paragraphs. */
    private void gap() {
        if (choices.isMarkdown()) {
            to.endLine();
        }
    }

    private void line(String text) {
        var unused = cell.texts().write(text, width, to);
        to.endLine();
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
