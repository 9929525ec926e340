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
            caption(choices.caption());
            gap();
        }
        List<String> counted = new ArrayList<>(List.of(counted(count, "row"), counted(columns.size(), "column")));
        if (!columns.isEmpty()) {
            body(columns, count, counted);
        }
        if (choices.count()) {
            if (!columns.isEmpty()) {
                gap();
            }
            enumerate(counted);
        }
        to.flush();
    }

    private List<Column> columns(int count) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < Checks.notNegative("columnCount", rows.columnCount()); i++) {
            int column = i;
            columns.add(new Column(rows.name(i), type(i), row -> rows.cell(row, column)).measure(count, choices, cell));
        }
        return columns;
    }

    /** Whole numbers for which decimals were given have them. */
    private CellType type(int column) {
        CellType type = rows.type(column);
        boolean given = choices.decimalsOf().containsKey(rows.name(column));
        return given && type == CellType.INTEGER ? CellType.DECIMAL : type;
    }

    /** Adds what was not shown. */
    private void body(List<Column> columns, int count, List<String> counted) {
        if (choices.wide() == Wide.BLOCKS) {
            var blocks = new Blocks(choices, columns, count, width, cell, to);
            blocks.write();
            addMissing(blocks.cut(), 0, counted);
            return;
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
        addMissing(columns.stream().filter(Column::isCut).count(), layout.hidden(), counted);
    }

    private static void addMissing(long cut, int hidden, List<String> counted) {
        if (cut > 0) {
            counted.add(cut + " cut");
        }
        if (hidden > 0) {
            counted.add(hidden + " hidden");
        }
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

    private void caption(String text) {
        if (choices.isMarkdown()) {
            paragraph(text.replaceAll("^ +| +$", ""));
        } else {
            line(text, width);
        }
    }

    private void paragraph(String text) {
        int marker = Markdown.blockMarker(text);
        if (marker < 0) {
            line(text, width);
        } else {
            to.add(text, 0, marker);
            to.add('\\');
            line(text.substring(marker), width - marker - 1);
        }
    }

    private void line(String text, int most) {
        var unused = cell.texts().write(text, most, to);
        to.endLine();
    }

    /** On one line if they fit there. */
    private void enumerate(List<String> parts) {
        int start = to.length();
        to.add(parts.get(0));
        for (String part : parts.subList(1, parts.size())) {
            to.add(',');
            // and a comma behind it
            if (to.length() - start + 1 + part.length() + 1 > width) {
                to.endLine();
                start = to.length();
            } else {
                to.add(' ');
            }
            to.add(part);
        }
        to.endLine();
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
