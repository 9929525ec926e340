package io.mutil.sqlshard;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection that reads one file, with its statements; for one thread at a time. */
final class ReadConnection implements AutoCloseable {
    private static final int STATEMENTS = 32;

    private final Sql sql;
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(16, 0.75f, true);
    private final PreparedStatement select;

    ReadConnection(Path file, Sql sql) throws SQLException {
        this.sql = sql;
        this.connection = Connections.reading(file);
        this.select = firstPrepared(connection, sql);
    }

    private static PreparedStatement firstPrepared(Connection connection, Sql sql) throws SQLException {
        try {
            return connection.prepareStatement(sql.select());
        } catch (SQLException | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
    }

    Sql sql() {
        return sql;
    }

    /** The data of a row; null if there is none. */
    byte @Nullable [] get(ShardKey key) throws SQLException {
        Columns.bind(select, 1, key);
        return Columns.dataOrNull(select);
    }

    /** Whether there is a row, without its data. */
    boolean contains(ShardKey key) throws SQLException {
        PreparedStatement contains = prepared(sql.contains());
        Columns.bind(contains, 1, key);
        try (ResultSet row = contains.executeQuery()) {
            return row.next();
        }
    }

    /**
     * A statement that lives as long as the connection, unless many others are used; close the results, not the statement.
     */
    PreparedStatement prepared(String text) throws SQLException {
        PreparedStatement known = prepared.get(text);
        if (known != null) {
            return known;
        }
        PreparedStatement made = connection.prepareStatement(text);
        prepared.put(text, made);
        if (prepared.size() > STATEMENTS) {
            forgetEldest();
        }
        return made;
    }

    private void forgetEldest() throws SQLException {
        var each = prepared.values().iterator();
        PreparedStatement eldest = each.next();
        each.remove();
        eldest.close();
    }

    /** For transactions, and what a prepared statement cannot do. */
    Connection jdbc() {
        return connection;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
