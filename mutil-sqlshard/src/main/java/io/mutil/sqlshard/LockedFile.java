package io.mutil.sqlshard;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A file that nobody else has open, in any process, nor can open until this is closed. It has no log, so that it may be moved
 * meanwhile: SQLite would look for that at the old place.
 */
final class LockedFile implements AutoCloseable {
    private final Path path;
    private final Connection connection;

    private LockedFile(Path path, Connection connection) {
        this.path = path;
        this.connection = connection;
    }

    /**
     * Locks a file.
     *
     * @throws ShardFileException if somebody has it open
     */
    static LockedFile lock(Path path) throws IOException {
        LockedFile locked = lockOrNull(path);
        if (locked == null) {
            throw new ShardFileException(
                    path, "the store is open", "close it in every process, this one included, and try again");
        }
        return locked;
    }

    /** Null if somebody has it open. */
    static @Nullable LockedFile lockOrNull(Path path) throws IOException {
        try {
            Connection connection = Connections.exclusive(path);
            try {
                Connections.execute(connection, "BEGIN EXCLUSIVE");
                return new LockedFile(path, connection);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            if (SqlErrors.isBusy(e)) {
                return null;
            }
            throw SqlErrors.explained(e, path);
        }
    }

    Path path() {
        return path;
    }

    /** Inside a transaction that changes nothing. */
    Connection jdbc() {
        return connection;
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw SqlErrors.explained(e, path);
        }
    }
}
