package io.mutil.sqlshard;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One end of a range: the first of the key parts that follow its prefix. */
record Bound(List<Object> parts, boolean inclusive) {
    Bound {
        parts = List.copyOf(parts);
    }

    /** A condition on the columns from {@code column} on; SQLite compares them as keys are compared. */
    String condition(int column, String comparison) {
        String columns = columns(column);
        String marks = "?" + ", ?".repeat(parts.size() - 1);
        return "(" + columns + ") " + comparison + (inclusive ? "= (" : " (") + marks + ")";
    }

    private String columns(int first) {
        return IntStream.range(first, first + parts.size())
                .mapToObj(i -> "key_" + i)
                .collect(Collectors.joining(", "));
    }

    /** Returns the place behind the last. */
    int bind(PreparedStatement statement, int from) throws SQLException {
        int at = from;
        for (Object part : parts) {
            Columns.bindPart(statement, at++, part);
        }
        return at;
    }
}
