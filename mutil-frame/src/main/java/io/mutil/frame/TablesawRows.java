package io.mutil.frame;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** A Tablesaw table; the only class that needs Tablesaw when a program runs. */
final class TablesawRows implements Rows {
    private final Table table;

    TablesawRows(Table table) {
        this.table = requireNonNull(table, "table");
    }

    @Override
    public int columnCount() {
        return table.columnCount();
    }

    @Override
    public int rowCount() {
        return table.rowCount();
    }

    @Override
    public String name(int column) {
        return table.column(column).name();
    }

    @Override
    public CellType type(int column) {
        ColumnType type = table.column(column).type();
        if (type == ColumnType.INTEGER || type == ColumnType.LONG || type == ColumnType.SHORT) {
            return CellType.INTEGER;
        }
        if (type == ColumnType.DOUBLE || type == ColumnType.FLOAT) {
            return CellType.DECIMAL;
        }
        if (type == ColumnType.BOOLEAN) {
            return CellType.BOOLEAN;
        }
        boolean time = type == ColumnType.LOCAL_DATE
                || type == ColumnType.LOCAL_TIME
                || type == ColumnType.LOCAL_DATE_TIME
                || type == ColumnType.INSTANT;
        return time ? CellType.TEMPORAL : CellType.TEXT;
    }

    @Override
    public @Nullable Object cell(int row, int column) {
        Column<?> cells = table.column(column);
        return cells.isMissing(row) ? null : cells.get(row);
    }
}
