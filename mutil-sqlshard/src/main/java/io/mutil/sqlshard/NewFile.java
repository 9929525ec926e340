package io.mutil.sqlshard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A file that is being filled with rows as they are, and is worth nothing until it is complete. */
final class NewFile implements AutoCloseable {
    private final Path path;
    private final Sql sql;
    private final Connection connection;
    private final PreparedStatement insert;
    private long rows;

    /** How the files are opened; tests give them less room. */
    interface Opening {
        Connection open(Path file) throws SQLException;
    }

    private NewFile(Path path, Sql sql, Connection connection) throws SQLException {
        this.path = path;
        this.sql = sql;
        this.connection = connection;
        this.insert = connection.prepareStatement(sql.insert());
    }

    static NewFile create(Path directory, Metadata metadata, Opening opening) throws IOException {
        Path path = Files.createDirectory(directory).resolve(ShardFile.NAME);
        Sql sql = new Sql(metadata.shape().keyLength());
        try {
            Connection connection = opening.open(path);
            try {
                Connections.execute(connection, "BEGIN");
                Connections.execute(connection, sql.createTable());
                metadata.write(connection);
                return new NewFile(path, sql, connection);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw SqlErrors.explained(e, path);
        }
    }

    /** Adds the current row of a query for the key and the data. */
    void add(ResultSet row) throws IOException, SQLException {
        for (int i = 1; i <= sql.keyLength() + 1; i++) {
            insert.setObject(i, row.getObject(i));
        }
        try {
            insert.executeUpdate();
        } catch (SQLException e) {
            throw SqlErrors.explained(e, path);
        }
        rows++;
    }

    /** Ends the filling; returns how many rows are in the file. */
    long complete() throws IOException {
        try {
            Connections.execute(connection, "COMMIT");
            long found = count();
            if (found != rows) {
                throw new IOException(path + ": " + rows + " rows were written, but " + found + " are there;"
                        + " check the disk, and try again");
            }
            return found;
        } catch (SQLException e) {
            throw SqlErrors.explained(e, path);
        }
    }

    private long count() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.count());
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
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
