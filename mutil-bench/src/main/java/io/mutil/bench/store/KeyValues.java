package io.mutil.bench.store;

import java.io.IOException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A peer that keeps bytes under text keys. */
interface KeyValues extends AutoCloseable {
    /** Puts one, which is committed with others later, or at once. For many threads. */
    void put(String key, byte[] data) throws IOException;

    /** Commits what the calling thread has put. */
    default void commit() throws IOException {}

    byte @Nullable [] get(String key) throws IOException;

    long size() throws IOException;

    void scan(Pairs action) throws IOException;

    @Override
    void close() throws IOException;

    /** What is done with each pair. */
    interface Pairs {
        void accept(String key, byte[] data) throws IOException;
    }

    /** With the values that ours has, and a commit after so many rows of a thread. */
    default Store withCommitEvery(int rows) {
        return new KeyValueStore(this, rows);
    }

    /** Such a peer as a store. */
    record KeyValueStore(KeyValues pairs, int together) implements Store {
        @Override
        public void put(Rows rows, Share share) throws IOException {
            try (Json json = new Json()) {
                int open = 0;
                for (int row = share.part(); row < rows.count(); row += share.parts()) {
                    pairs.put(rows.key(row), json.encode(rows.value(row)));
                    open++;
                    if (open == together) {
                        pairs.commit();
                        open = 0;
                    }
                }
            }
            pairs.commit();
        }

        @Override
        public Reader reader() {
            return new JsonReader(pairs, new Json());
        }

        @Override
        public long size() throws IOException {
            return pairs.size();
        }

        @Override
        public void scan(BiConsumer<String, Quote> action) throws IOException {
            try (Json json = new Json()) {
                pairs.scan((key, data) -> action.accept(key, json.decode(data)));
            }
        }

        @Override
        public void close() throws IOException {
            pairs.close();
        }
    }

    /** Reads such a peer. */
    record JsonReader(KeyValues pairs, Json json) implements Store.Reader {
        @Override
        public @Nullable Quote get(String key) throws IOException {
            byte[] data = pairs.get(key);
            return data == null ? null : json.decode(data);
        }

        @Override
        public void close() {
            json.close();
        }
    }
}
