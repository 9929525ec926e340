package io.mutil.sqlshard;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.SQLiteConfig;

/** Opens the connections to a file. */
final class Connections {
    private static final int BUSY_MILLIS = 10_000;
    /** At 2 KiB a page, so that a log grows to 16 MiB before it is written back. */
    private static final int CHECKPOINT_PAGES = 8192;

    /** Of new files. */
    private static final int PAGE_BYTES = 2048;

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

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
        config.setPageSize(PAGE_BYTES);
        return patiently(config, file);
    }

    /**
     * Opens the file anew each time that it is locked. Who waits with an open file for somebody who moves it away would get the
     * log of the file that has taken its name.
     */
    private static Connection patiently(SQLiteConfig config, Path file) throws SQLException {
        config.setBusyTimeout(0);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BUSY_MILLIS);
        while (true) {
            try {
                Connection connection = config.createConnection(url(file));
                execute(connection, "PRAGMA busy_timeout = " + BUSY_MILLIS);
                return connection;
            } catch (SQLException e) {
                if (!SqlErrors.isBusy(e) || System.nanoTime() - end > 0) {
                    throw e;
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    /** One that reads an existing file, beside one that writes. */
    static Connection reading(Path file) throws SQLException {
        SQLiteConfig config = common();
        config.setReadOnly(true);
        return config.createConnection(url(file));
    }

    /** One that nobody else can be beside; at once, or not at all. It turns the log off. */
    static Connection exclusive(Path file) throws SQLException {
        SQLiteConfig config = common();
        config.setBusyTimeout(0);
        config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
        config.setJournalMode(SQLiteConfig.JournalMode.DELETE);
        return config.createConnection(url(file));
    }

    /** One that fills a file which is thrown away if that fails. */
    static Connection filling(Path file, int cacheKib) throws SQLException {
        SQLiteConfig config = common();
        config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
        config.setJournalMode(SQLiteConfig.JournalMode.OFF);
        config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
        config.setPageSize(PAGE_BYTES);
        config.setCacheSize(-cacheKib);
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
