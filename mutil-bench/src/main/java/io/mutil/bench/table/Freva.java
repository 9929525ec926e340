package io.mutil.bench.table;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import java.util.List;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;

/** The table library {@code ascii-table} of freva, which asks each row for the text of a column. */
final class Freva {
    private Freva() {}

    static String format(Table table) {
        List<ColumnData<Integer>> columns = IntStream.range(0, table.columnCount())
                .mapToObj(i -> {
                    tech.tablesaw.columns.Column<?> cells = table.column(i);
                    return new Column().header(cells.name()).<Integer>with(row -> String.valueOf(cells.get(row)));
                })
                .toList();
        return AsciiTable.getTable(IntStream.range(0, table.rowCount()).boxed().toList(), columns);
    }
}
