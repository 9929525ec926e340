package io.mutil.frame;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** A Tablesaw table; the only class that needs Tablesaw when a program runs. */
final class TablesawRows implements Rows {
    private final Table table;
    private final List<Column<?>> columns;

    TablesawRows(Table table) {
        this.table = table;
        columns = List.copyOf(table.columns());
    }

    @Override
    public int columnCount() {
        return columns.size();
    }

    @Override
    public int rowCount() {
        return table.rowCount();
    }

    @Override
    public String name(int column) {
        return columns.get(column).name();
    }

    @Override
    public CellType type(int column) {
        ColumnType type = columns.get(column).type();
        if (type == ColumnType.INTEGER || type == ColumnType.LONG || type == ColumnType.SHORT) {
            return CellType.INTEGER;
        }
        if (type == ColumnType.DOUBLE || type == ColumnType.FLOAT) {
            return CellType.DECIMAL;
        }
        if (type == ColumnType.BOOLEAN) {
            return CellType.BOOLEAN;
        }
        return type == ColumnType.STRING || type == ColumnType.SKIP ? CellType.TEXT : CellType.TEMPORAL;
    }

    @Override
    public @Nullable Object cell(int row, int column) {
        Column<?> cells = columns.get(column);
        return cells.isMissing(row) ? null : cells.get(row);
    }
}
