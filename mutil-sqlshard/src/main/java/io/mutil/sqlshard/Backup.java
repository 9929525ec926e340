package io.mutil.sqlshard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** Copies the files of an open store, under another name until they are complete. */
final class Backup {
    private final List<Shard> shards;
    private final StoreDirectory target;
    private final ThreadFactory threads;
    private final Steps steps;

    Backup(List<Shard> shards, StoreDirectory target, ThreadFactory threads, Steps steps) {
        this.shards = shards;
        this.target = target;
        this.threads = threads;
        this.steps = steps;
    }

    void run() throws IOException, InterruptedException {
        target.refuseIfThere();
        Path made = target.makeBeside("backup");
        try {
            Parallel.each(shards, threads, shard -> copy(shard, made));
            FileTree.sync(made);
            steps.reached("copied");
            target.refuseIfThere();
            FileTree.move(made, target.root());
            steps.reached("moved");
        } finally {
            FileTree.delete(made);
        }
    }

    private Path copy(Shard shard, Path made) throws IOException, InterruptedException {
        shard.settle();
        // fails if the store is closed
        shard.read(ReadConnection::sql);
        Path directory = Files.createDirectory(made.resolve(Integer.toString(shard.index())));
        Path copy = directory.resolve(ShardFile.NAME);
        // not one of the pool, whose readers would have to wait
        try (Connection connection = Connections.reading(shard.file());
                PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
            vacuum.setString(1, copy.toAbsolutePath().toString());
            vacuum.execute();
        } catch (SQLException e) {
            throw SqlErrors.explained(e, concernsSource(e) ? shard.file() : copy);
        }
        steps.reached("copied shard " + shard.index());
        return copy;
    }

    /** Nobody but this has the copy, and it is new. */
    private static boolean concernsSource(SQLException e) {
        return switch (SqlErrors.code(e)) {
            case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_BUSY, SQLITE_LOCKED -> true;
            default -> false;
        };
    }
}
