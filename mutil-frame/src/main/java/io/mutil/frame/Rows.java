package io.mutil.frame;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.Table;

/**
 * A table to print: names and types of columns, and cells by row and column, both counted from zero.
 *
 * <pre>{@code
 * record Fill(String symbol, long shares, double price) {}
 * Rows rows = Rows.ofRecords(List.of(new Fill("IBM", 100, 231.5)), Fill.class);
 * Frame.print(rows, System.out);
 * }</pre>
 *
 * <p>Anything else that has rows and columns implements the five methods. They are called by the thread that prints, every cell
 * two or three times, and should answer the same each time. What changes in between is cut to the width measured.
 */
public interface Rows {
    /** How many columns there are; not negative. */
    int columnCount();

    /** How many rows there are; not negative. */
    int rowCount();

    /** The name of a column, as the header shows it. */
    String name(int column);

    /** What a column holds. */
    CellType type(int column);

    /** One cell; null if it is missing. */
    @Nullable
    Object cell(int row, int column);

    /**
     * The rows of a Tablesaw table, as they are when they are printed. What Tablesaw takes for missing, among it {@code NaN} and the
     * empty string, is missing here. Print formatters of its columns are not used.
     */
    static Rows of(Table table) {
        return new TablesawRows(table);
    }

    /**
     * Records, one a row, with a column for each component.
     *
     * @param records copied only if the list is not of random access
     * @throws IllegalArgumentException if this module may not read the record: make it public in an exported package, or open its
     *     package to {@code io.mutil.frame}
     */
    static <R extends Record> Rows ofRecords(List<? extends R> records, Class<R> type) {
        return new RecordRows<>(records, type);
    }

    /**
     * Reads a result set from where it is to its end, into memory, and leaves closing it to the caller. Columns are named by their
     * labels. Their types are those of the values that came, or if none came those of the metadata.
     *
     * @throws SQLException if the database fails
     */
    static Rows of(ResultSet results) throws SQLException {
        return ResultSetRows.read(results);
    }
}
