package io.mutil.s4lru;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The SQLite file of a state: the Python library's table {@code lru}, and beside it {@code lru_journal} with what the table
 * does not know yet, and {@code lru_state} with the format.
 *
 * <p>Locked for this connection alone while it is open. Each transaction waits for the disk, so that a loss of power takes no
 * more than a crash of the process. For one thread at a time.
 */
final class StateFile implements AutoCloseable {
    private static final int FORMAT = 1;

    /** Changes with every key that comes, goes or is hit, also if the next one gets the row of one that went. */
    private static final String FINGERPRINT = """
            SELECT count(*) || ':' || ifnull(max(rowid), 0) || ':' || total(count) || ':' || total(level)
                    || ':' || total(rowid * (size + length(key) + 31 * unicode(substr(key, -1))) & 0xFFFFFFFF)
                    || ':' || ifnull((SELECT key FROM lru ORDER BY rowid DESC LIMIT 1), '')
            FROM lru""";

    private final Path path;
    private final Connection connection;
    private final Statement statement;
    private @Nullable Writing writing;

    private StateFile(Path path, Connection connection) throws SQLException {
        this.path = path;
        this.connection = connection;
        statement = connection.createStatement();
        statement.execute("PRAGMA busy_timeout = 0");
        statement.execute("PRAGMA locking_mode = EXCLUSIVE");
        refuseOthers();
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA synchronous = FULL");
        statement.execute("PRAGMA cache_size = -65536");
        statement.execute("PRAGMA wal_autocheckpoint = 4000");
        prepareTables();
    }

    /**
     * @throws StateInUseException if another process, or another LRU of this one, has it open
     * @throws IOException if it is not a state, or damaged
     */
    static StateFile open(Path path) throws IOException {
        Connection connection = null;
        try {
            connection = DriverManager.getConnection("jdbc:sqlite:" + path.toAbsolutePath());
            return new StateFile(path, connection);
        } catch (SQLException e) {
            closeQuietly(connection, e);
            throw explained(path, e);
        }
    }

    void closeAfter(Throwable cause) {
        closeQuietly(connection, cause);
    }

    private static void closeQuietly(@Nullable Connection connection, Throwable cause) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** Says what to do about it. */
    static IOException explained(Path path, SQLException e) {
        SQLiteErrorCode code =
                e instanceof SQLiteException known ? known.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
        if (code == SQLiteErrorCode.SQLITE_READONLY_DBMOVED) {
            return new IOException(
                    path
                            + " was moved or deleted while it is open, and what came since is lost; leave it until the LRU is closed",
                    e);
        }
        return switch (code.name().replaceFirst("^SQLITE_", "").split("_", 2)[0]) {
            case "BUSY", "LOCKED" -> new StateInUseException(path, e);
            case "CORRUPT", "NOTADB" ->
                new IOException(
                        path + " is damaged or no SQLite file; restore it from a copy, or move it away to start empty",
                        e);
            case "FULL" -> new IOException(path + " cannot grow: the disk is full; what waits is kept in memory", e);
            case "CANTOPEN", "READONLY", "PERM" ->
                new IOException(
                        path + " cannot be opened for writing; check that its folder exists and is writable", e);
            default -> new IOException(path + ": " + e.getMessage(), e);
        };
    }

    /** Before anything is changed. */
    private void refuseOthers() throws SQLException {
        long columns = number("SELECT count(*) FROM pragma_table_info('lru')");
        long known =
                number("SELECT count(*) FROM pragma_table_info('lru') WHERE name IN ('key', 'size', 'level', 'count')");
        if (columns > 0 && known < 4) {
            throw new SQLException(
                    "its table lru has not the columns key, size, level and count; it is no state, choose another file");
        }
        if (number("SELECT count(*) FROM sqlite_master WHERE name = 'lru_state'") > 0) {
            checkFormat();
        }
    }

    private void prepareTables() throws SQLException {
        transact(() -> {
            statement.execute("CREATE TABLE IF NOT EXISTS lru (key TEXT PRIMARY KEY, size INT, level INT, count INT)");
            statement.execute("CREATE TABLE IF NOT EXISTS lru_journal (id INTEGER PRIMARY KEY, ops BLOB)");
            statement.execute("CREATE TABLE IF NOT EXISTS lru_state (name TEXT PRIMARY KEY, value)");
            statement.execute("INSERT OR IGNORE INTO lru_state VALUES ('format', " + FORMAT + ")");
            String closed = text("SELECT value FROM lru_state WHERE name = 'closed'");
            if (closed != null && !closed.equals(text(FINGERPRINT))) {
                // Somebody else, say the Python library, changed the table since; after a crash nobody can tell.
                statement.execute("DELETE FROM lru_journal");
            }
            statement.execute("DELETE FROM lru_state WHERE name = 'closed'");
        });
    }

    private void checkFormat() throws SQLException {
        long format = number("SELECT value FROM lru_state WHERE name = 'format'");
        if (format != FORMAT) {
            throw new SQLException("the state has format " + format + ", this version knows " + FORMAT
                    + "; open it with the version that wrote it");
        }
    }

    Path path() {
        return path;
    }

    // ---- reading

    /** Who is told the rows of the table. */
    interface Rows {
        void row(long row, String key, long size, int level);
    }

    int count() throws SQLException {
        return (int) number("SELECT count(*) FROM lru");
    }

    /** Reads the table, in an order given as SQL, or else in that of its rows. */
    void read(String order, Rows rows) throws SQLException {
        try (ResultSet result = statement.executeQuery("SELECT rowid, key, size, level FROM lru " + order)) {
            while (result.next()) {
                String key = result.getString(2);
                if (key != null) {
                    rows.row(result.getLong(1), key, Math.max(0, result.getLong(3)), Math.max(0, result.getInt(4)));
                }
            }
        }
    }

    /** Reads the journal; one that is damaged is an {@link SQLException} too. */
    void readJournal(Ops.Reader reader) throws SQLException {
        try (ResultSet result = statement.executeQuery("SELECT ops FROM lru_journal ORDER BY id")) {
            while (result.next()) {
                Ops.read(result.getBytes(1), reader);
            }
        } catch (IllegalArgumentException e) {
            throw new SQLException(e.getMessage() + "; to go on with the table alone: DELETE FROM lru_journal", e);
        }
    }

    long lastJournalId() throws SQLException {
        return number("SELECT ifnull(max(id), 0) FROM lru_journal");
    }

    long journalBytes() throws SQLException {
        return number("SELECT ifnull(sum(length(ops)), 0) FROM lru_journal");
    }

    private long number(String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    private @Nullable String text(String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            return result.next() ? result.getString(1) : null;
        }
    }

    // ---- writing

    /** Statements of one transaction. */
    interface Work {
        void run() throws SQLException;
    }

    void transact(Work work) throws SQLException {
        statement.execute("BEGIN IMMEDIATE");
        try {
            work.run();
            statement.execute("COMMIT");
        } catch (SQLException | RuntimeException | Error e) {
            rollBack(e);
            throw e;
        }
    }

    private void rollBack(Throwable cause) {
        try {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            // SQLite has rolled back on its own after some errors
            cause.addSuppressed(e);
        }
        try {
            if (writing != null) {
                writing.close();
            }
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
        writing = null;
    }

    void insert(long row, String key, long size, int level, long count) throws SQLException {
        PreparedStatement insert = writing().insert;
        insert.setLong(1, row);
        insert.setString(2, key);
        insert.setLong(3, size);
        insert.setInt(4, level);
        insert.setLong(5, count);
        insert.executeUpdate();
    }

    void update(long row, long size, int level, long hits) throws SQLException {
        PreparedStatement update = writing().update;
        update.setLong(1, size);
        update.setInt(2, level);
        update.setLong(3, hits);
        update.setLong(4, row);
        update.executeUpdate();
    }

    void delete(long row) throws SQLException {
        PreparedStatement delete = writing().delete;
        delete.setLong(1, row);
        delete.executeUpdate();
    }

    void append(long id, byte[] ops) throws SQLException {
        PreparedStatement append = writing().append;
        append.setLong(1, id);
        append.setBytes(2, ops);
        append.executeUpdate();
    }

    private Writing writing() throws SQLException {
        Writing prepared = writing;
        if (prepared == null) {
            prepared = new Writing(connection);
            writing = prepared;
        }
        return prepared;
    }

    /** The statements that write; the driver gives a statement up when it fails. */
    private static final class Writing {
        final PreparedStatement insert;
        final PreparedStatement update;
        final PreparedStatement delete;
        final PreparedStatement append;

        Writing(Connection connection) throws SQLException {
            insert = connection.prepareStatement(
                    "INSERT INTO lru(rowid, key, size, level, count) VALUES (?, ?, ?, ?, ?)");
            update = connection.prepareStatement(
                    "UPDATE lru SET size = ?, level = ?, count = count + ? WHERE rowid = ?");
            delete = connection.prepareStatement("DELETE FROM lru WHERE rowid = ?");
            append = connection.prepareStatement("INSERT INTO lru_journal(id, ops) VALUES (?, ?)");
        }

        void close() throws SQLException {
            insert.close();
            update.close();
            delete.close();
            append.close();
        }
    }

    void forgetJournal(long upTo) throws SQLException {
        statement.execute("DELETE FROM lru_journal WHERE id <= " + upTo);
    }

    /** For tests: as if the disk had room for no more. */
    void limitPages(int most) throws SQLException {
        try (Statement other = connection.createStatement()) {
            other.execute("PRAGMA max_page_count = " + most);
        }
    }

    int pages() throws SQLException {
        try (Statement other = connection.createStatement();
                ResultSet result = other.executeQuery("PRAGMA page_count")) {
            return result.getInt(1);
        }
    }

    /** Marks the state as whole, in one plain file. */
    void seal() throws SQLException {
        statement.execute("INSERT OR REPLACE INTO lru_state VALUES ('closed', (" + FINGERPRINT + "))");
        statement.execute("PRAGMA journal_mode = DELETE");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
