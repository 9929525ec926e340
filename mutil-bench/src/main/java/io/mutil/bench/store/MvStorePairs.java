package io.mutil.bench.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/** H2's MVStore. */
final class MvStorePairs implements KeyValues {
    private final MVStore store;
    private final MVMap<String, byte[]> map;

    MvStorePairs(Path directory) {
        store = new MVStore.Builder()
                .fileName(directory.resolve("h2.mv").toString())
                .autoCommitDisabled()
                .open();
        map = store.openMap(
                "db",
                new MVMap.Builder<String, byte[]>()
                        .keyType(StringDataType.INSTANCE)
                        .valueType(ByteArrayDataType.INSTANCE));
    }

    @Override
    public void put(String key, byte[] data) {
        map.put(key, data);
    }

    @Override
    public void commit() {
        store.commit();
    }

    @Override
    public byte @Nullable [] get(String key) {
        return map.get(key);
    }

    @Override
    public long size() {
        return map.sizeAsLong();
    }

    @Override
    public void scan(Pairs action) throws IOException {
        for (Map.Entry<String, byte[]> pair : map.entrySet()) {
            action.accept(pair.getKey(), pair.getValue());
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
