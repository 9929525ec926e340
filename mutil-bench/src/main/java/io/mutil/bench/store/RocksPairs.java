package io.mutil.bench.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/** RocksDB with its log, which waits for the disk or does not; the values are compressed already. */
final class RocksPairs implements KeyValues {
    static {
        RocksDB.loadLibrary();
    }

    private final Options options;
    private final WriteOptions writing;
    private final RocksDB db;

    RocksPairs(Path directory, boolean synced) throws IOException {
        options = new Options().setCreateIfMissing(true).setCompressionType(CompressionType.NO_COMPRESSION);
        writing = new WriteOptions().setSync(synced);
        try {
            db = RocksDB.open(options, directory.toString());
        } catch (RocksDBException e) {
            throw new IOException("RocksDB cannot open " + directory, e);
        }
    }

    @Override
    public void put(String key, byte[] data) throws IOException {
        try {
            db.put(writing, key.getBytes(UTF_8), data);
        } catch (RocksDBException e) {
            throw new IOException(e);
        }
    }

    @Override
    public byte @Nullable [] get(String key) throws IOException {
        try {
            return db.get(key.getBytes(UTF_8));
        } catch (RocksDBException e) {
            throw new IOException(e);
        }
    }

    /** It knows an estimate only, so it counts. */
    @Override
    public long size() {
        long size = 0;
        try (RocksIterator rows = db.newIterator()) {
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                size++;
            }
        }
        return size;
    }

    @Override
    public void scan(Pairs action) throws IOException {
        try (RocksIterator rows = db.newIterator()) {
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                action.accept(new String(rows.key(), UTF_8), rows.value());
            }
        }
    }

    @Override
    public void close() {
        db.close();
        writing.close();
        options.close();
    }
}
