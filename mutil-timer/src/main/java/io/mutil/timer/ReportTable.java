package io.mutil.timer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Figures of sections as a text table. */
final class ReportTable {
    private static final List<String> HEADINGS =
            List.of("section", "count", "failed", "total", "mean", "p50", "p90", "p99", "max", "share");

    private ReportTable() {}

    static String of(List<SectionStats> sections) {
        var rows = new ArrayList<List<String>>();
        rows.add(HEADINGS);
        sections.forEach(section -> rows.add(cells(section)));
        int[] widths = widths(rows);
        var text = new StringBuilder();
        rows.forEach(row -> line(text, row, widths));
        return text.toString();
    }

    private static List<String> cells(SectionStats section) {
        return List.of(
                "  ".repeat(section.depth()) + section.name(),
                Human.number(section.count()),
                Human.number(section.failed()),
                text(section.total()),
                text(section.mean()),
                text(section.p50()),
                text(section.p90()),
                text(section.p99()),
                text(section.max()),
                Human.percent(section.share()));
    }

    private static String text(Duration duration) {
        return Human.duration(duration.toNanos());
    }

    private static int[] widths(List<List<String>> rows) {
        int[] widths = new int[HEADINGS.size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return widths;
    }

    /** The first column to the left, numbers to the right. */
    private static void line(StringBuilder text, List<String> row, int[] widths) {
        text.append(row.get(0)).append(" ".repeat(widths[0] - row.get(0).length()));
        for (int column = 1; column < widths.length; column++) {
            String cell = row.get(column);
            text.append(" ".repeat(2 + widths[column] - cell.length())).append(cell);
        }
        text.append(System.lineSeparator());
    }
}
