package io.mutil.sqlshard;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Keys and data in the columns of a statement; the first one is 1. */
final class Columns {
    private Columns() {}

    /** Binds every part of a key, the first at {@code from}; returns the place behind the last. */
    static int bind(PreparedStatement statement, int from, ShardKey key) throws SQLException {
        for (int i = 0; i < key.length(); i++) {
            bindPart(statement, from + i, key.raw(i));
        }
        return from + key.length();
    }

    static void bindPart(PreparedStatement statement, int at, Object part) throws SQLException {
        if (part instanceof String text) {
            statement.setString(at, text);
        } else if (part instanceof Long number) {
            statement.setLong(at, number);
        } else if (part instanceof byte[] bytes) {
            statement.setBytes(at, bytes);
        } else {
            statement.setDouble(at, (Double) part);
        }
    }

    /** The key in the first columns. */
    static ShardKey key(ResultSet row, int length) throws SQLException, IOException {
        var parts = new Object[length];
        for (int i = 0; i < length; i++) {
            parts[i] = part(row, i);
        }
        return ShardKey.of(parts);
    }

    private static Object part(ResultSet row, int index) throws SQLException, IOException {
        Object part = row.getObject(index + 1);
        if (part == null) {
            throw new DamagedRowException(
                    "a row has null in its column key_" + index + ", which no key can have",
                    "remove such rows with SQL, or give them a value",
                    null);
        }
        return part;
    }

    /** The data in a column. */
    static byte[] data(ResultSet row, int at) throws SQLException, IOException {
        byte[] data = row.getBytes(at);
        if (data == null) {
            throw new DamagedRowException(
                    "a row's data is null", "it was written by another program, remove it with SQL", null);
        }
        return data;
    }

    /** The data of the only row in the first column; null if there is none. */
    static byte @Nullable [] dataOrNull(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return null;
            }
            byte[] data = row.getBytes(1);
            return data == null ? new byte[0] : data;
        }
    }
}
