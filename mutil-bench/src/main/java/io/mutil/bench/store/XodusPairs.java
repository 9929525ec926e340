package io.mutil.bench.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.bindings.StringBinding;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;
import org.jspecify.annotations.Nullable;

/** Xodus. What a thread puts waits for its commit, which is a transaction. */
final class XodusPairs implements KeyValues {
    private final Environment environment;
    private final jetbrains.exodus.env.Store store;
    private final ThreadLocal<List<Pair>> waiting = ThreadLocal.withInitial(ArrayList::new);

    private record Pair(ByteIterable key, ByteIterable data) {}

    XodusPairs(Path directory) {
        environment = Environments.newInstance(directory.toFile());
        store = environment.computeInTransaction(
                transaction -> environment.openStore("db", StoreConfig.WITHOUT_DUPLICATES, transaction));
    }

    @Override
    public void put(String key, byte[] data) {
        waiting.get().add(new Pair(StringBinding.stringToEntry(key), new ArrayByteIterable(data)));
    }

    @Override
    public void commit() {
        List<Pair> pairs = waiting.get();
        environment.executeInExclusiveTransaction(transaction -> {
            for (Pair pair : pairs) {
                store.put(transaction, pair.key(), pair.data());
            }
        });
        pairs.clear();
    }

    @Override
    public byte @Nullable [] get(String key) {
        Transaction transaction = environment.beginReadonlyTransaction();
        try {
            ByteIterable data = store.get(transaction, StringBinding.stringToEntry(key));
            return data == null ? null : bytes(data);
        } finally {
            transaction.abort();
        }
    }

    private static byte[] bytes(ByteIterable data) {
        return Arrays.copyOf(data.getBytesUnsafe(), data.getLength());
    }

    @Override
    public long size() {
        Transaction transaction = environment.beginReadonlyTransaction();
        try {
            return store.count(transaction);
        } finally {
            transaction.abort();
        }
    }

    @Override
    public void scan(Pairs action) throws IOException {
        Transaction transaction = environment.beginReadonlyTransaction();
        try (Cursor cursor = store.openCursor(transaction)) {
            while (cursor.getNext()) {
                action.accept(StringBinding.entryToString(cursor.getKey()), bytes(cursor.getValue()));
            }
        } finally {
            transaction.abort();
        }
    }

    @Override
    public void close() {
        environment.close();
    }
}
