package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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

    @Test
    void prunesEveryShard(@TempDir Path dir) throws Exception {
        try (var store = open(dir, 4)) {
            fill(store);
            store.put(ShardKey.of("other", "text", "x"), 1);
            store.put(ShardKey.of("other", 1999.5, "x"), 1);
            store.put(ShardKey.of(new byte[] {1}, 1, "x"), 1);

            assertThat(store.prune(2000)).isEqualTo(2002);
            assertThat(store.prune(2000)).isZero();
            assertThat(store.size()).isEqualTo(ROWS - 2000 + 1);
            assertThat(store.containsKey(key(2000))).isTrue();
            assertThat(store.prune(new byte[0])).isEqualTo(ROWS - 2000 + 1);
            assertThat(store.prune(0)).isZero();
        }
    }

    @Test
    void prunesWhatHasManyFirstParts(@TempDir Path dir) throws Exception {
        try (var store = open(dir, 2)) {
            Map<ShardKey, Integer> rows = new HashMap<>();
            for (int i = 0; i < ROWS; i++) {
                rows.put(ShardKey.of(i % 2 == 0 ? "key" + i : (Object) i, i, "x"), i);
            }
            store.putAll(rows);

            assertThat(store.prune(ROWS - 5.5)).isEqualTo(ROWS - 5);
            assertThat(store.size()).isEqualTo(5);
        }
    }

    @Test
    void prunesByTheSecondPartOnly(@TempDir Path dir) throws Exception {
        try (var store = SqlShard.builder(dir, ValueCodec.json(Integer.class))
                .shards(2)
                .keyLength(1)
                .open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.prune(1))
                    .withMessageContaining("keys of this store have one part");
        }
    }
}
