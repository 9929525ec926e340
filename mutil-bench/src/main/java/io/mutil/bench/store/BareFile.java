package io.mutil.bench.store;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;

/** A file of SQLite with the table, the statements and the settings that ours has. */
final class BareFile implements AutoCloseable {
    private static final int CHECKPOINT_PAGES = 4096;
    private static final String CREATE = "CREATE TABLE IF NOT EXISTS db (key_0, data, PRIMARY KEY(key_0))";
    private static final String PUT = "INSERT INTO db VALUES (?, ?) ON CONFLICT DO UPDATE SET data = excluded.data";
    private static final String GET = "SELECT data FROM db WHERE key_0 = ?";

    private final Path file;
    private final Connection connection;

    BareFile(Path file) throws SQLException {
        this.file = file;
        SQLiteConfig config = common();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.NORMAL);
        config.setWalAutocheckpoint(CHECKPOINT_PAGES);
        connection = config.createConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute(CREATE);
        }
        connection.setAutoCommit(false);
    }

    private static SQLiteConfig common() {
        var config = new SQLiteConfig();
        config.setTempStore(TempStore.MEMORY);
        return config;
    }

    Writer writer(int together) throws SQLException {
        return new Writer(connection, together);
    }

    Reader reader() throws SQLException {
        SQLiteConfig config = common();
        config.setReadOnly(true);
        return new Reader(config.createConnection("jdbc:sqlite:" + file));
    }

    long size() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM db")) {
            return row.getLong(1);
        }
    }

    /** All rows in the order of the keys. */
    Cursor cursor() throws SQLException {
        return new Cursor(connection.createStatement());
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** Writes so many rows in a transaction. */
    static final class Writer implements AutoCloseable {
        private final Connection connection;
        private final int together;
        private final PreparedStatement put;
        private int open;

        private Writer(Connection connection, int together) throws SQLException {
            this.connection = connection;
            this.together = together;
            this.put = connection.prepareStatement(PUT);
        }

        void put(String key, byte[] data) throws SQLException {
            put.setString(1, key);
            put.setBytes(2, data);
            put.addBatch();
            open++;
            if (open == together) {
                commit();
            }
        }

        private void commit() throws SQLException {
            put.executeBatch();
            connection.commit();
            open = 0;
        }

        @Override
        public void close() throws SQLException {
            commit();
            put.close();
        }
    }

    /** Reads with a connection of its own. */
    static final class Reader implements AutoCloseable {
        private final Connection connection;
        private final PreparedStatement get;

        private Reader(Connection connection) throws SQLException {
            this.connection = connection;
            this.get = connection.prepareStatement(GET);
        }

        byte @Nullable [] get(String key) throws SQLException {
            get.setString(1, key);
            try (ResultSet row = get.executeQuery()) {
                return row.next() ? row.getBytes(1) : null;
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    /** Goes from row to row. */
    static final class Cursor implements AutoCloseable {
        private final Statement statement;
        private final ResultSet row;
        private String key = "";

        private Cursor(Statement statement) throws SQLException {
            this.statement = statement;
            this.row = statement.executeQuery("SELECT key_0, data FROM db ORDER BY key_0");
        }

        boolean next() throws SQLException {
            boolean more = row.next();
            if (more) {
                key = requireNonNull(row.getString(1));
            }
            return more;
        }

        String key() {
            return key;
        }

        byte[] data() throws SQLException {
            return requireNonNull(row.getBytes(2));
        }

        @Override
        public void close() throws SQLException {
            row.close();
            statement.close();
        }
    }
}
