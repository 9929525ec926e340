package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemovalTest {
    private static final int ROWS = 4 * Removal.BATCH + 10;

    private static SqlShard<Integer> open(Path dir, int shards) throws Exception {
        return SqlShard.builder(dir, ValueCodec.json(Integer.class))
                .shards(shards)
                .open();
    }

    private static ShardKey key(int i) {
        return ShardKey.of("key" + i % 3, i, "x");
    }

    private static void fill(SqlShard<Integer> store) throws Exception {
        Map<ShardKey, Integer> rows = new HashMap<>();
        for (int i = 0; i < ROWS; i++) {
            rows.put(key(i), i);
        }
        store.putAll(rows);
    }

    private static List<Object> times(Scan<?> scan) throws Exception {
        try (Stream<ShardKey> keys = scan.keys()) {
            return keys.map(key -> key.part(1)).toList();
        }
    }

    @Test
    void removesRangesInBatches(@TempDir Path dir) throws Exception {
        try (var store = open(dir, 2)) {
            fill(store);

            assertThat(store.scan().prefix("key1").toExclusive(1000).remove()).isEqualTo(333);
            assertThat(store.scan().prefix("key1").toExclusive(1000).remove()).isZero();
            assertThat(store.scan().prefix("key1").toExclusive(1000).keys()).isEmpty();
            assertThat(store.size()).isEqualTo(ROWS - 333);

            long commits = store.stats().total(ShardStats::commits);
            assertThat(store.scan().remove()).isEqualTo(ROWS - 333);
            assertThat(store.stats().total(ShardStats::commits) - commits).isBetween(4L, 8L);
            assertThat(store.size()).isZero();
        }
    }

    @Test
    void removesUpToTheLimitInEitherOrder(@TempDir Path dir) throws Exception {
        try (var store = open(dir, 2)) {
            fill(store);
            List<Object> times = times(store.scan());

            assertThat(store.scan().limit(600).remove()).isEqualTo(600);
            assertThat(store.scan().descending().limit(Removal.BATCH).remove()).isEqualTo(Removal.BATCH);
            assertThat(times(store.scan())).isEqualTo(times.subList(600, ROWS - Removal.BATCH));
            assertThat(store.scan().limit(0).remove()).isZero();
        }
    }

    @Test
    void removesOneRowByItsWholeKey(@TempDir Path dir) throws Exception {
        try (var store = open(dir, 2)) {
            fill(store);

            assertThat(store.scan().prefix("key1", 1, "x").remove()).isEqualTo(1);
            assertThat(store.scan().prefix("key1", 1, "x").remove()).isZero();
            assertThat(store.size()).isEqualTo(ROWS - 1);
        }
    }

    @Test
    void endsWhileRowsAreAppended(@TempDir Path dir) throws Exception {
        try (var store = open(dir, 1)) {
            fill(store);
            var stop = new AtomicBoolean();
            var appending = new FutureTask<Integer>(() -> {
                int i = ROWS;
                while (!stop.get()) {
                    var unused = store.putAsync(ShardKey.of("key2", i, "y"), i);
                    i++;
                }
                return i - ROWS;
            });
            new Thread(appending).start();

            long removed = store.scan().remove();
            stop.set(true);

            int appended = appending.get();
            store.flush();
            assertThat(removed).isBetween((long) ROWS, (long) ROWS + appended);
            assertThat(store.size()).isEqualTo(ROWS + appended - removed);
        }
    }
}
