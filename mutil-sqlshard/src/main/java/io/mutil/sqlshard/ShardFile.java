package io.mutil.sqlshard;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be learned from a file before it is used; reading changes nothing. */
final class ShardFile {
    static final String NAME = "sqlshard.db";

    private static final int SAMPLE = 64;
    private static final String RESTORE = "restore it from a backup";

    private final Path path;
    private final int number;
    private final @Nullable Metadata metadata;
    private final int keyLength;

    private ShardFile(Path path, int number, @Nullable Metadata metadata, int keyLength) {
        this.path = path;
        this.number = number;
        this.metadata = metadata;
        this.keyLength = keyLength;
    }

    /**
     * Looks into the file of a shard.
     *
     * @throws ShardFileException if there is none, or it has no table of rows
     */
    static ShardFile inspect(Path directory, int number) throws IOException {
        Path path = directory.resolve(NAME);
        if (!Files.isRegularFile(path)) {
            throw new ShardFileException(path, "the file of this shard is missing", RESTORE);
        }
        checkNotEmpty(path);
        try (Connection connection = Connections.reading(path)) {
            return new ShardFile(path, number, Metadata.read(connection), keyLength(connection, path));
        } catch (SQLException e) {
            throw SqlErrors.explained(e, path);
        }
    }

    /** SQLite takes an empty file for an empty database. */
    private static void checkNotEmpty(Path path) throws IOException {
        if (Files.size(path) == 0 && isLogEmpty(path)) {
            throw new ShardFileException(path, "the file is empty", RESTORE);
        }
    }

    private static boolean isLogEmpty(Path path) throws IOException {
        Path log = path.resolveSibling(path.getFileName() + "-wal");
        return !Files.exists(log) || Files.size(log) == 0;
    }

    private static int keyLength(Connection connection, Path path) throws SQLException, ShardFileException {
        List<String> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            ResultSet rows = statement.executeQuery("SELECT name FROM pragma_table_info('db') ORDER BY cid");
            while (rows.next()) {
                columns.add(rows.getString(1));
            }
        }
        int keys = columns.size() - 1;
        for (int i = 0; i < columns.size(); i++) {
            if (!columns.get(i).equals(i == keys ? "data" : "key_" + i)) {
                keys = 0;
            }
        }
        if (keys < 1) {
            throw new ShardFileException(
                    path,
                    "the file has no table db(key_0, ..., data)",
                    "move it away, it belongs to no store of this kind");
        }
        return keys;
    }

    Path path() {
        return path;
    }

    int number() {
        return number;
    }

    @Nullable
    Metadata metadata() {
        return metadata;
    }

    int keyLength() {
        return keyLength;
    }

    /** Whether the oldest and the newest rows belong here. */
    boolean fits(StoreShape shape) throws IOException {
        try (Connection connection = Connections.reading(path);
                Statement statement = connection.createStatement()) {
            return fits(statement, shape, "ASC") && fits(statement, shape, "DESC");
        } catch (SQLException e) {
            throw SqlErrors.explained(e, path);
        }
    }

    private boolean fits(Statement statement, StoreShape shape, String order) throws SQLException {
        ResultSet rows = statement.executeQuery(
                "SELECT key_" + shape.shardIndex() + " FROM db ORDER BY rowid " + order + " LIMIT " + SAMPLE);
        while (rows.next()) {
            Object part = rows.getObject(1);
            if (part == null || shape.shardOfPart(KeyPart.checked(part, shape.shardIndex())) != number) {
                return false;
            }
        }
        return true;
    }

    /** Makes the file belong to a store. */
    void adopt(Metadata wanted) throws IOException {
        try (Connection connection = Connections.writing(path, true)) {
            Connections.execute(connection, "BEGIN IMMEDIATE");
            wanted.write(connection);
            Connections.execute(connection, "COMMIT");
        } catch (SQLException e) {
            throw SqlErrors.explained(e, path);
        }
    }

    /** Makes a file with no rows yet. */
    static void create(Path directory, Metadata metadata) throws IOException {
        Path path = Files.createDirectory(directory).resolve(NAME);
        try (Connection connection = Connections.creating(path)) {
            Connections.execute(connection, "BEGIN IMMEDIATE");
            Connections.execute(connection, new Sql(metadata.shape().keyLength()).createTable());
            metadata.write(connection);
            Connections.execute(connection, "COMMIT");
        } catch (SQLException e) {
            throw SqlErrors.explained(e, path);
        }
        try (FileChannel made = FileChannel.open(path, StandardOpenOption.WRITE)) {
            made.force(true);
        }
    }
}
