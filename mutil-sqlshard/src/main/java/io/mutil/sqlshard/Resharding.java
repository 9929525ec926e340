package io.mutil.sqlshard;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Distributes the rows of a store that nobody has open over another number of files.
 *
 * <p>The new files are made in a directory beside the store. When they are complete and on the disk, the old ones are moved
 * into that directory and the new ones out of it. {@link ReshardLeftovers} knows what is left where this is cut short.
 */
final class Resharding {
    /** Of all new files together, unless they are very many. */
    private static final int CACHE_KIB = 64 << 10;

    private static final int LEAST_CACHE_KIB = 256;

    private final StoreDirectory directory;
    private final ReshardLeftovers places;
    private final int shards;
    private final NewFile.Opening opening;
    private final Steps steps;

    Resharding(StoreDirectory directory, int shards, NewFile.Opening opening, Steps steps) {
        this.directory = directory;
        this.places = new ReshardLeftovers(directory.root());
        this.shards = shards;
        this.opening = opening;
        this.steps = steps;
    }

    /** Does it to the store in a directory. */
    static void run(Path directory, int shards, Steps steps) throws IOException, InterruptedException {
        Shards.inRange("shards", shards, 1, StoreShape.MAX_SHARDS);
        int cache = Math.max(LEAST_CACHE_KIB, CACHE_KIB / shards);
        new Resharding(new StoreDirectory(directory), shards, file -> Connections.filling(file, cache), steps).run();
    }

    void run() throws IOException, InterruptedException {
        CheckedStore old = directory.openExisting();
        try (Closing locks = new Closing()) {
            List<LockedFile> files = lockAll(old, locks);
            rebuild(old, files);
        }
    }

    private void rebuild(CheckedStore old, List<LockedFile> files) throws IOException, InterruptedException {
        try {
            steps.reached("locked");
            build(old, files);
            places.swap(steps);
        } finally {
            places.clean();
        }
    }

    private List<LockedFile> lockAll(CheckedStore old, Closing locks) throws IOException {
        List<LockedFile> files = new ArrayList<>();
        for (int i = 0; i < old.shape().shards(); i++) {
            files.add(locks.add(LockedFile.lock(directory.file(i))));
        }
        if (!directory.isStill(old)) {
            throw new IOException(directory.root() + ": the files have changed meanwhile; try again");
        }
        return files;
    }

    private void build(CheckedStore old, List<LockedFile> files) throws IOException, InterruptedException {
        places.begin();
        try (Closing closing = new Closing()) {
            List<NewFile> made = create(old.shape(), closing);
            steps.reached("begun");
            long rows = 0;
            for (int i = 0; i < files.size(); i++) {
                rows += copy(i, files.get(i), old.shape(), made);
                steps.reached("copied shard " + i);
            }
            complete(made, rows);
        }
        steps.reached("built");
        places.complete();
        steps.reached("on disk");
    }

    private List<NewFile> create(StoreShape old, Closing closing) throws IOException {
        var shape = new StoreShape(shards, old.keyLength(), old.shardIndex());
        UUID id = UUID.randomUUID();
        List<NewFile> made = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            Path home = places.built().resolve(Integer.toString(i));
            made.add(closing.add(NewFile.create(home, Metadata.of(id, shape, i), opening)));
        }
        return made;
    }

    private long copy(int shard, LockedFile file, StoreShape shape, List<NewFile> made)
            throws IOException, InterruptedException {
        long rows = 0;
        try (PreparedStatement select = file.jdbc().prepareStatement(new Sql(shape.keyLength()).all());
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                made.get(home(row, shard, file, shape)).add(row);
                rows++;
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while rows were copied; the store is as it was");
                }
            }
            return rows;
        } catch (SQLException e) {
            throw SqlErrors.explained(e, file.path());
        } catch (DamagedRowException e) {
            throw e.in(file.path());
        }
    }

    /** Where the row belongs from now on; it must be where it belongs now, or it would turn up from nowhere. */
    private int home(ResultSet row, int shard, LockedFile file, StoreShape shape) throws IOException, SQLException {
        ShardKey key = Columns.key(row, shape.keyLength());
        if (shape.shardOf(key) != shard) {
            throw new ShardFileException(
                    file.path(),
                    "rowid " + row.getLong(shape.keyLength() + 2) + " belongs to shard " + shape.shardOf(key),
                    "see what check() says; if the store is the Python library's and another part of the key than the"
                            + " first chooses the shard, open it once with adopt() and shardIndex(...)");
        }
        return KeyPart.shard(key.raw(shape.shardIndex()), shards);
    }

    private void complete(List<NewFile> made, long rows) throws IOException {
        long written = 0;
        for (NewFile file : made) {
            written += file.complete();
        }
        if (written != rows) {
            throw new IOException(directory.root() + ": " + rows + " rows were read, but " + written
                    + " are in the new files; the store is as it was, check the disk and try again");
        }
    }
}
