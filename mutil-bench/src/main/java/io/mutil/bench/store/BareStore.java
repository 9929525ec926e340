package io.mutil.bench.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * SQLite without anything between: files with the same table and the same bytes as ours, written by as many threads as there
 * are, each with files of its own, a thousand rows in a transaction. A cheaper hash chooses the file.
 */
final class BareStore implements Store {
    private static final int TOGETHER = 1000;

    private final List<BareFile> files = new ArrayList<>();

    BareStore(Path directory, int shards) throws SQLException {
        for (int shard = 0; shard < shards; shard++) {
            files.add(new BareFile(directory.resolve(shard + ".db")));
        }
    }

    private int shardOf(String key) {
        return Math.floorMod(key.hashCode(), files.size());
    }

    @Override
    public void put(Rows rows, Share share) throws SQLException {
        List<BareFile.Writer> writers = new ArrayList<>();
        for (BareFile file : files) {
            writers.add(file.writer(TOGETHER));
        }
        try (Json json = new Json()) {
            for (int row = 0; row < rows.count(); row++) {
                int shard = shardOf(rows.key(row));
                if (share.has(shard)) {
                    writers.get(shard).put(rows.key(row), json.encode(rows.value(row)));
                }
            }
        }
        for (int shard = share.part(); shard < files.size(); shard += share.parts()) {
            writers.get(shard).close();
        }
    }

    @Override
    public Reader reader() throws SQLException {
        List<BareFile.Reader> readers = new ArrayList<>();
        for (BareFile file : files) {
            readers.add(file.reader());
        }
        return new BareReader(readers);
    }

    private final class BareReader implements Reader {
        private final List<BareFile.Reader> readers;
        private final Json json = new Json();

        private BareReader(List<BareFile.Reader> readers) {
            this.readers = readers;
        }

        @Override
        public @Nullable Quote get(String key) throws IOException, SQLException {
            byte[] data = readers.get(shardOf(key)).get(key);
            return data == null ? null : json.decode(data);
        }

        @Override
        public void close() throws SQLException {
            json.close();
            for (BareFile.Reader reader : readers) {
                reader.close();
            }
        }
    }

    @Override
    public long size() throws SQLException {
        long size = 0;
        for (BareFile file : files) {
            size += file.size();
        }
        return size;
    }

    @Override
    public void scan(BiConsumer<String, Quote> action) throws IOException, SQLException {
        var open = new PriorityQueue<BareFile.Cursor>(Comparator.comparing(BareFile.Cursor::key));
        try (Json json = new Json()) {
            for (BareFile file : files) {
                addIfMore(open, file.cursor());
            }
            while (!open.isEmpty()) {
                BareFile.Cursor least = open.remove();
                action.accept(least.key(), json.decode(least.data()));
                addIfMore(open, least);
            }
        }
    }

    private static void addIfMore(PriorityQueue<BareFile.Cursor> open, BareFile.Cursor cursor) throws SQLException {
        if (cursor.next()) {
            open.add(cursor);
        } else {
            cursor.close();
        }
    }

    @Override
    public void close() throws SQLException {
        for (BareFile file : files) {
            file.close();
        }
    }
}
