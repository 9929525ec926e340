package io.mutil.sqlshard;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Puts that have returned but are not in the file yet, so that reads see them; the newest of each key. */
final class Pending {
    private final ConcurrentMap<ShardKey, Change> newest = new ConcurrentHashMap<>();

    /** In the order of the queue. */
    void add(Write<?> write) {
        for (Change put : write.puts()) {
            newest.put(put.key(), put);
        }
    }

    /** What is in the file by now; a newer put of the same key stays. */
    void remove(Write<?> write) {
        if (write.isBehind()) {
            for (Change put : write.puts()) {
                newest.remove(put.key(), put);
            }
        }
    }

    @Nullable
    Change get(ShardKey key) {
        return newest.get(key);
    }

    boolean isEmpty() {
        return newest.isEmpty();
    }
}
