package io.mutil.frame;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of a test. */
record ListRows(List<String> names, List<CellType> types, List<? extends List<? extends @Nullable Object>> cells)
        implements Rows {
    @Override
    public int columnCount() {
        return names.size();
    }

    @Override
    public int rowCount() {
        return cells.size();
    }

    @Override
    public String name(int column) {
        return names.get(column);
    }

    @Override
    public CellType type(int column) {
        return types.get(column);
    }

    @Override
    public @Nullable Object cell(int row, int column) {
        return cells.get(row).get(column);
    }
}
