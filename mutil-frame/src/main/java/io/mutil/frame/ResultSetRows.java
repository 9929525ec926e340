package io.mutil.frame;

import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a result set held, as values of {@code java.time} and texts. */
final class ResultSetRows implements Rows {
    private final String[] names;
    private final CellType[] types;
    private final List<List<@Nullable Object>> rows;

    private ResultSetRows(String[] names, CellType[] types, List<List<@Nullable Object>> rows) {
        this.names = names;
        this.types = types;
        this.rows = rows;
    }

    static ResultSetRows read(ResultSet results) throws SQLException {
        ResultSetMetaData about = results.getMetaData();
        int columns = about.getColumnCount();
        var names = new String[columns];
        var declared = new CellType[columns];
        for (int i = 0; i < columns; i++) {
            names[i] = about.getColumnLabel(i + 1);
            declared[i] = ofSql(about.getColumnType(i + 1));
        }
        List<List<@Nullable Object>> rows = new ArrayList<>();
        while (results.next()) {
            List<@Nullable Object> row = new ArrayList<>(columns);
            for (int i = 0; i < columns; i++) {
                row.add(plain(results.getObject(i + 1)));
            }
            rows.add(row);
        }
        var types = new CellType[columns];
        for (int i = 0; i < columns; i++) {
            types[i] = type(rows, i, declared[i]);
        }
        return new ResultSetRows(names, types, rows);
    }

    private static @Nullable Object plain(@Nullable Object value) throws SQLException {
        if (value instanceof Timestamp timestamp) {
            return timestamp.toLocalDateTime();
        }
        if (value instanceof Date date) {
            return date.toLocalDate();
        }
        if (value instanceof Time time) {
            return time.toLocalTime();
        }
        if (value instanceof Clob clob) {
            return clob.getSubString(1, Math.toIntExact(clob.length()));
        }
        if (value instanceof Blob blob) {
            return plain(blob.getBytes(1, Math.toIntExact(blob.length())));
        }
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value;
    }

    /** Databases such as SQLite know the types of values better than those of columns. */
    private static CellType type(List<List<@Nullable Object>> rows, int column, CellType declared) {
        CellType all = null;
        for (List<@Nullable Object> row : rows) {
            Object value = row.get(column);
            if (value == null) {
                continue;
            }
            CellType one = CellType.of(value.getClass());
            if (all == null || all == one) {
                all = one;
            } else if (all.isNumber() && one.isNumber()) {
                all = CellType.DECIMAL;
            } else {
                return CellType.TEXT;
            }
        }
        return all == null ? declared : all;
    }

    private static CellType ofSql(int sql) {
        return switch (sql) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> CellType.INTEGER;
            case Types.REAL, Types.FLOAT, Types.DOUBLE, Types.NUMERIC, Types.DECIMAL -> CellType.DECIMAL;
            case Types.BIT, Types.BOOLEAN -> CellType.BOOLEAN;
            case Types.DATE, Types.TIME, Types.TIMESTAMP, Types.TIME_WITH_TIMEZONE, Types.TIMESTAMP_WITH_TIMEZONE ->
                CellType.TEMPORAL;
            default -> CellType.TEXT;
        };
    }

    @Override
    public int columnCount() {
        return names.length;
    }

    @Override
    public int rowCount() {
        return rows.size();
    }

    @Override
    public String name(int column) {
        return names[column];
    }

    @Override
    public CellType type(int column) {
        return types[column];
    }

    @Override
    public @Nullable Object cell(int row, int column) {
        return rows.get(row).get(column);
    }
}
