package io.mutil.sqlshard;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;

/** Opens the connections to a file. */
final class Connections {
    private static final int BUSY_MILLIS = 10_000;
    /** At 2 KiB a page, so that a log grows to 16 MiB before it is written back. */
    private static final int CHECKPOINT_PAGES = 8192;

    private Connections() {}

    /** One that writes; makes the file if it is not there, and turns on its log. */
    static Connection writing(Path file, boolean synced) throws SQLException {
        return writing(file, synced ? SQLiteConfig.SynchronousMode.FULL : SQLiteConfig.SynchronousMode.NORMAL);
    }

    /** One for a new file, whose caller waits for the disk once instead of at every step. */
    static Connection creating(Path file) throws SQLException {
        return writing(file, SQLiteConfig.SynchronousMode.OFF);
    }

    private static Connection writing(Path file, SQLiteConfig.SynchronousMode mode) throws SQLException {
        SQLiteConfig config = common();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(mode);
        config.setWalAutocheckpoint(CHECKPOINT_PAGES);
        config.setPageSize(2048);
        return config.createConnection(url(file));
    }

    /** One that reads an existing file, beside one that writes. */
    static Connection reading(Path file) throws SQLException {
        SQLiteConfig config = common();
        config.setReadOnly(true);
        return config.createConnection(url(file));
    }

    private static SQLiteConfig common() {
        var config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        return config;
    }

    private static String url(Path file) {
        // as a URI, since the driver takes what follows a question mark for settings
        return "jdbc:sqlite:" + file.toUri();
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
