package io.mutil.frame;

import java.util.ArrayList;
import java.util.List;

/** Which columns stand side by side, and how wide each is, so that no line is wider than it may be. */
final class Layout {
    private final Border border;
    private final List<Column> index;
    private final int room;
    private final List<List<Column>> groups = new ArrayList<>();
    private int hidden;

    /** @param index the row numbers; none if they are not shown */
    private Layout(Border border, List<Column> index, int width) {
        this.border = border;
        this.index = index;
        int taken = border.around(1);
        for (Column column : index) {
            taken += column.width() + border.between().length();
        }
        room = width - taken;
    }

    static Layout of(Choices choices, List<Column> index, List<Column> columns, int width) {
        var layout = new Layout(choices.border(), index, width);
        switch (choices.wide()) {
            case TRUNCATE -> layout.truncate(columns);
            case HIDE_MIDDLE -> layout.hideMiddle(columns);
            default -> layout.wrap(columns);
        }
        return layout;
    }

    /** Each begins with the row numbers. */
    List<List<Column>> groups() {
        return groups;
    }

    /** How many columns are not shown. */
    int hidden() {
        return hidden;
    }

    private void wrap(List<Column> columns) {
        List<Column> group = new ArrayList<>();
        long taken = 0;
        for (Column column : columns) {
            column.width(Math.min(column.natural(), room));
            if (!group.isEmpty() && taken + between() + column.width() > room) {
                add(group);
                group = new ArrayList<>();
                taken = 0;
            }
            taken += column.width() + (group.isEmpty() ? 0 : between());
            group.add(column);
        }
        add(group);
    }

    private int between() {
        return border.between().length();
    }

    private void add(List<Column> columns) {
        List<Column> group = new ArrayList<>(index);
        group.addAll(columns);
        groups.add(group);
    }

    /** The widest are cut first, down to one common width. */
    private void truncate(List<Column> columns) {
        long most = room - (long) between() * (columns.size() - 1);
        if (needed(columns, 0) > most) {
            wrap(columns);
            return;
        }
        int low = 0;
        int high = columns.stream().mapToInt(Column::natural).max().orElse(1);
        while (low < high) {
            int middle = low + (high - low + 1) / 2;
            if (needed(columns, middle) <= most) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        long left = most - needed(columns, low);
        for (Column column : columns) {
            column.width(cut(column, low));
            // what is left over is less than one cell for each that was cut
            if (left > 0 && column.isCut()) {
                column.width(column.width() + 1);
                left--;
            }
        }
        add(columns);
    }

    private static long needed(List<Column> columns, int width) {
        return columns.stream().mapToLong(column -> cut(column, width)).sum();
    }

    private static int cut(Column column, int width) {
        return Math.max(column.least(), Math.min(column.natural(), width));
    }

    private void hideMiddle(List<Column> columns) {
        long all = (long) between() * (columns.size() - 1);
        for (Column column : columns) {
            all += column.natural();
        }
        if (all <= room) {
            add(columns);
            return;
        }
        Column gap = Column.ofHidden();
        gap.width(border.narrowest());
        long left = (long) room - gap.width();
        List<Column> front = new ArrayList<>();
        List<Column> back = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            boolean first = i % 2 == 0;
            Column column = columns.get(first ? i / 2 : columns.size() - 1 - i / 2);
            int needs = column.natural() + between();
            if (needs > left) {
                break;
            }
            left -= needs;
            (first ? front : back).add(first ? front.size() : 0, column);
        }
        hidden = columns.size() - front.size() - back.size();
        if (front.isEmpty()) {
            keepFirst(columns, gap);
        } else {
            add(concat(front, gap, back));
        }
    }

    /** Not even one fits beside the gap: the first is cut, and stands alone if even the gap is too wide. */
    private void keepFirst(List<Column> columns, Column gap) {
        Column first = columns.get(0);
        hidden = columns.size() - 1;
        int beside = room - gap.width() - between();
        boolean fits = hidden > 0 && beside >= border.narrowest();
        first.width(Math.min(first.natural(), fits ? beside : room));
        add(fits ? List.of(first, gap) : List.of(first));
    }

    private static List<Column> concat(List<Column> front, Column gap, List<Column> back) {
        List<Column> all = new ArrayList<>(front);
        all.add(gap);
        all.addAll(back);
        return all;
    }
}
