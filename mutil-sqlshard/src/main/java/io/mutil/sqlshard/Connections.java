package io.mutil.sqlshard;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;

/** Opens the connections to a file. */
final class Connections {
    private static final int BUSY_MILLIS = 10_000;
    /** At 4 KiB a page, so that a log grows to 16 MiB before it is written back. */
    private static final int CHECKPOINT_PAGES = 4096;

    private Connections() {}

    /** One that writes; makes the file if it is not there, and turns on its log. */
    static Connection writing(Path file, boolean synced) throws SQLException {
        SQLiteConfig config = common();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(synced ? SQLiteConfig.SynchronousMode.FULL : SQLiteConfig.SynchronousMode.NORMAL);
        config.setWalAutocheckpoint(CHECKPOINT_PAGES);
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
        return "jdbc:sqlite:" + file.toAbsolutePath();
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
