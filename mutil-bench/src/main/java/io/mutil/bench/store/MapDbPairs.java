package io.mutil.bench.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mapdb.BTreeMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/** MapDB with its write-ahead log, whose commits always wait for the disk; only writing back to the file need not. */
final class MapDbPairs implements KeyValues {
    private final DB db;
    private final BTreeMap<String, byte[]> map;

    MapDbPairs(Path directory) {
        db = DBMaker.fileDB(directory.resolve("map.db").toFile())
                .transactionEnable()
                .fileSyncDisable()
                .fileMmapEnableIfSupported()
                .make();
        map = db.treeMap("db", Serializer.STRING, Serializer.BYTE_ARRAY).createOrOpen();
    }

    @Override
    public void put(String key, byte[] data) {
        map.put(key, data);
    }

    @Override
    public void commit() {
        db.commit();
    }

    @Override
    public byte @Nullable [] get(String key) {
        return map.get(key);
    }

    @Override
    public long size() {
        return map.sizeLong();
    }

    @Override
    public void scan(Pairs action) throws IOException {
        for (Map.Entry<String, byte[]> pair : map.getEntries()) {
            action.accept(pair.getKey(), pair.getValue());
        }
    }

    @Override
    public void close() {
        db.close();
    }
}
