package io.mutil.sqlshard;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The connection that writes one file; for the writer's thread. */
final class WriteConnection implements AutoCloseable {
    /** SQLite's 2 MiB do not hold the inner pages of a large file, and each row touches two trees. */
    private static final int LARGEST_CACHE = 16 << 10;

    private static final int SMALLEST_CACHE = 2 << 10;
    /** Of all files together. */
    private static final int ALL_CACHES = 128 << 10;

    private final Sql sql;
    private final Connection connection;
    private @Nullable Statements statements;
    private boolean puts;

    private record Statements(
            PreparedStatement begin,
            PreparedStatement commit,
            PreparedStatement put,
            PreparedStatement putIfAbsent,
            PreparedStatement delete,
            PreparedStatement select) {}

    WriteConnection(Path file, Sql sql, boolean synced, int shards) throws SQLException {
        this.sql = sql;
        this.connection = Connections.writing(file, synced);
        int kib = Math.max(SMALLEST_CACHE, Math.min(LARGEST_CACHE, ALL_CACHES / shards));
        Connections.execute(connection, "PRAGMA cache_size = -" + kib);
    }

    Sql sql() {
        return sql;
    }

    private Statements statements() throws SQLException {
        if (statements == null) {
            statements = new Statements(
                    connection.prepareStatement("BEGIN IMMEDIATE"),
                    connection.prepareStatement("COMMIT"),
                    connection.prepareStatement(sql.put()),
                    connection.prepareStatement(sql.putIfAbsent()),
                    connection.prepareStatement(sql.delete()),
                    connection.prepareStatement(sql.select()));
        }
        return statements;
    }

    void begin() throws SQLException {
        statements().begin().execute();
    }

    void commit() throws SQLException {
        writePuts();
        statements().commit().execute();
    }

    /** Ends a transaction that failed, if SQLite has not done so; its statements may be unusable, so others are made. */
    void rollback() {
        puts = false;
        try {
            close(statements);
            Connections.execute(connection, "ROLLBACK");
        } catch (SQLException e) {
            // no transaction is open any more, which is what was wanted
        } finally {
            statements = null;
        }
    }

    private static void close(@Nullable Statements all) throws SQLException {
        if (all != null) {
            all.begin().close();
            all.commit().close();
            all.put().close();
            all.putIfAbsent().close();
            all.delete().close();
            all.select().close();
        }
    }

    /** Makes a row what the change says. */
    void apply(Change change) throws SQLException {
        byte[] data = change.data();
        if (data == null) {
            delete(change.key());
        } else {
            put(change.key(), data);
        }
    }

    /** Gathered, as that saves a third of the time of small rows; written before anything else. */
    private void put(ShardKey key, byte[] data) throws SQLException {
        PreparedStatement put = statements().put();
        put.setBytes(Columns.bind(put, 1, key), data);
        put.addBatch();
        puts = true;
    }

    private void writePuts() throws SQLException {
        if (puts) {
            puts = false;
            statements().put().executeBatch();
        }
    }

    /** Whether there was such a row. */
    boolean delete(ShardKey key) throws SQLException {
        writePuts();
        PreparedStatement delete = statements().delete();
        Columns.bind(delete, 1, key);
        return delete.executeUpdate() > 0;
    }

    /** Whether there was no such row. */
    boolean putIfAbsent(ShardKey key, byte[] data) throws SQLException {
        writePuts();
        PreparedStatement insert = statements().putIfAbsent();
        insert.setBytes(Columns.bind(insert, 1, key), data);
        return insert.executeUpdate() > 0;
    }

    /** The data of a row, as this transaction sees it; null if there is none. */
    byte @Nullable [] get(ShardKey key) throws SQLException {
        writePuts();
        PreparedStatement select = statements().select();
        Columns.bind(select, 1, key);
        return Columns.dataOrNull(select);
    }

    /** For other statements, inside the transaction. */
    Connection jdbc() throws SQLException {
        writePuts();
        return connection;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
