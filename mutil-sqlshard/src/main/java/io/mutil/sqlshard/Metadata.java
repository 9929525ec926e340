package io.mutil.sqlshard;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a file says about itself and the store that it belongs to: names and values in a table of their own. */
record Metadata(int version, String storeId, StoreShape shape, int shard, String hash) {
    static final int VERSION = 1;
    static final String HASH = "adler32";

    private static final String EXISTS = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'mutil_meta'";

    static Metadata of(UUID storeId, StoreShape shape, int shard) {
        return new Metadata(VERSION, storeId.toString(), shape, shard, HASH);
    }

    /** Whether all of it was there, and means what this library takes it for. */
    boolean isComplete() {
        return version >= 1 && hash.equals(HASH) && !storeId.isEmpty() && shape.isPossible() && shard >= 0;
    }

    /** Null if the file has none, as those of the original. */
    static @Nullable Metadata read(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            if (!statement.executeQuery(EXISTS).next()) {
                return null;
            }
            Map<String, String> values = new HashMap<>();
            ResultSet rows = statement.executeQuery("SELECT name, value FROM mutil_meta");
            while (rows.next()) {
                values.put(rows.getString(1), rows.getString(2));
            }
            return of(values);
        }
    }

    /** What is missing becomes -1, which no check lets pass. */
    private static Metadata of(Map<String, String> values) {
        var shape = new StoreShape(
                number(values, "shards"), number(values, "key_length"), number(values, "shard_key_index"));
        return new Metadata(
                number(values, "format"),
                values.getOrDefault("store_id", ""),
                shape,
                number(values, "shard"),
                values.getOrDefault("hash", ""));
    }

    private static int number(Map<String, String> values, String name) {
        try {
            return Integer.parseInt(values.getOrDefault(name, "-1"));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Inside the caller's transaction. */
    void write(Connection connection) throws SQLException {
        Connections.execute(connection, "CREATE TABLE mutil_meta (name TEXT PRIMARY KEY, value NOT NULL)");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO mutil_meta VALUES (?, ?)")) {
            insert(insert, "format", version);
            insert(insert, "store_id", storeId);
            insert(insert, "shards", shape.shards());
            insert(insert, "shard", shard);
            insert(insert, "key_length", shape.keyLength());
            insert(insert, "shard_key_index", shape.shardIndex());
            insert(insert, "hash", hash);
        }
    }

    private static void insert(PreparedStatement insert, String name, Object value) throws SQLException {
        insert.setString(1, name);
        insert.setObject(2, value);
        insert.executeUpdate();
    }
}
