package io.mutil.sqlshard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Removes the rows of a range, a batch after the other, so that other writes come between, and no file has to remember for
 * long how it was. Rows that come behind the last one while it is at work stay, so it ends.
 */
final class Removal {
    static final int BATCH = 500;

    private final Store<?> store;
    private final List<Shard> shards;

    Removal(Store<?> store, List<Shard> shards) {
        this.store = store;
        this.shards = shards;
    }

    /** Returns how many there were. */
    long remove(Range range) throws IOException, InterruptedException {
        List<ShardKey> last = keys(range.withOrder(!range.descending()), 1);
        if (last.isEmpty() || range.prefix().size() == range.keyLength()) {
            return remove(last);
        }
        return removeAll(range.until(last.get(0)));
    }

    private long removeAll(Range range) throws IOException, InterruptedException {
        Range rest = range;
        long removed = 0;
        for (long left = range.limit(); left > 0; left -= BATCH) {
            List<ShardKey> keys = keys(rest, Math.min(left, BATCH));
            removed += remove(keys);
            if (keys.size() < BATCH) {
                break;
            }
            rest = rest.after(keys.get(BATCH - 1));
        }
        return removed;
    }

    private List<ShardKey> keys(Range range, long limit) throws IOException, InterruptedException {
        List<ShardKey> keys = new ArrayList<>();
        try (Merge rows = Merge.open(shards, range.withLimit(Math.min(limit, range.limit())), false)) {
            for (Change row = rows.next(); row != null; row = rows.next()) {
                keys.add(row.key());
            }
        }
        return keys;
    }

    private long remove(List<ShardKey> keys) throws IOException, InterruptedException {
        Map<Shard, List<ShardKey>> parts = new LinkedHashMap<>();
        for (ShardKey key : keys) {
            parts.computeIfAbsent(store.shardOf(key), shard -> new ArrayList<>())
                    .add(key);
        }
        List<Write<Long>> begun = new ArrayList<>();
        for (var part : parts.entrySet()) {
            begun.add(part.getKey().begin(write(part.getValue())));
        }
        long removed = 0;
        for (Write<Long> write : begun) {
            removed += write.await();
        }
        return removed;
    }

    /** Removes rows in one transaction; its result is how many there were. */
    static Write<Long> write(List<ShardKey> keys) {
        long size = 0;
        for (ShardKey key : keys) {
            size += new Change(key, null).size();
        }
        return Write.of(keys.size(), size, connection -> {
            long removed = 0;
            for (ShardKey key : keys) {
                removed += connection.delete(key) ? 1 : 0;
            }
            return removed;
        });
    }
}
