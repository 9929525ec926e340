package io.mutil.frame;

import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
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
        var zoned = new boolean[columns];
        for (int i = 0; i < columns; i++) {
            names[i] = about.getColumnLabel(i + 1);
            declared[i] = ofSql(about.getColumnType(i + 1));
            zoned[i] = isZoned(about, i + 1);
        }
        List<List<@Nullable Object>> rows = new ArrayList<>();
        while (results.next()) {
            List<@Nullable Object> row = new ArrayList<>(columns);
            for (int i = 0; i < columns; i++) {
                row.add(value(results, i + 1, zoned[i]));
            }
            rows.add(row);
        }
        var types = new CellType[columns];
        for (int i = 0; i < columns; i++) {
            types[i] = type(rows, i, declared[i]);
        }
        return new ResultSetRows(names, types, rows);
    }

    /** Drivers say it by the type, or, if to them it is a {@code TIMESTAMP}, by its name alone. */
    private static boolean isZoned(ResultSetMetaData about, int column) throws SQLException {
        String name = about.getColumnTypeName(column);
        String type = name == null ? "" : name.toUpperCase(Locale.ROOT);
        return about.getColumnType(column) == Types.TIMESTAMP_WITH_TIMEZONE
                || type.equals("TIMESTAMPTZ")
                || type.contains("WITH TIME ZONE")
                || type.contains("WITH LOCAL TIME ZONE");
    }

    private static @Nullable Object value(ResultSet results, int column, boolean zoned) throws SQLException {
        Object value = results.getObject(column);
        if (zoned && value instanceof Timestamp timestamp) {
            return modern(results, column, OffsetDateTime.class, timestamp.toInstant());
        }
        if (value instanceof Time) {
            return modern(results, column, LocalTime.class, Times.modern(value));
        }
        return plain(value);
    }

    /** What the driver makes of it, or, if it makes nothing of it, what we have: without its offset, or to the millisecond. */
    private static Object modern(ResultSet results, int column, Class<?> type, Object other) {
        try {
            Object value = results.getObject(column, type);
            return value == null ? other : value;
        } catch (SQLException e) {
            return other;
        }
    }

    private static @Nullable Object plain(@Nullable Object value) throws SQLException {
        if (value instanceof Clob clob) {
            return clob.getSubString(1, Math.toIntExact(clob.length()));
        }
        if (value instanceof Blob blob) {
            return plain(blob.getBytes(1, Math.toIntExact(blob.length())));
        }
        if (value instanceof SQLXML xml) {
            return xml.getString();
        }
        if (value instanceof Array array) {
            return elements(array);
        }
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        return value == null ? null : Times.modern(value);
    }

    private static @Nullable String elements(Array array) throws SQLException {
        Object all = array.getArray();
        if (all == null) {
            return null;
        }
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < java.lang.reflect.Array.getLength(all); i++) {
            elements.add(plain(java.lang.reflect.Array.get(all, i)));
        }
        return elements.toString();
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
