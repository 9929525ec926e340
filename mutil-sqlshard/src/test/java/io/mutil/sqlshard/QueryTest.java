package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
    private static final int SHARDS = 3;
    private static final int ROWS = 300;

    /** Never ends by itself, and has a row only after it. */
    private static final String ENDLESS =
            "SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n)";

    private static SqlShard<Integer> open(Path dir) throws Exception {
        return SqlShard.builder(dir, ValueCodec.json(Integer.class))
                .shards(SHARDS)
                .open();
    }

    private static SqlShard<Integer> filled(Path dir) throws Exception {
        var store = open(dir);
        Map<ShardKey, Integer> rows = new HashMap<>();
        for (int i = 0; i < ROWS; i++) {
            rows.put(ShardKey.of("key" + i % 10, i, "x"), i);
        }
        store.putAll(rows);
        return store;
    }

    @Test
    void joinsTheRowsOfAllShards(@TempDir Path dir) throws Exception {
        try (var store = filled(dir)) {
            List<Long> times = store.query(
                    "SELECT key_1 FROM db WHERE key_0 >= ? AND key_1 < ? ORDER BY key_1",
                    List.of("key", 200),
                    row -> row.getLong(1));

            assertThat(times)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 200).asLongStream().boxed().toList());
            assertThat(store.query("SELECT 1", List.of(), row -> row.getInt(1))).containsExactly(1, 1, 1);
        }
    }

    @Test
    void readsValuesWithTheirCodec(@TempDir Path dir) throws Exception {
        ValueCodec<Integer> codec = ValueCodec.json(Integer.class);
        String sql = "SELECT data FROM db WHERE key_1 < 3 ORDER BY key_1";
        try (var store = filled(dir)) {
            assertThat(store.query(sql, List.of(), row -> codec.decode(row.getBytes(1))))
                    .containsExactlyInAnyOrder(0, 1, 2);

            Path file = store.shardOf(ShardKey.of("key1", 1, "x")).file();
            Stores.sql(file, "UPDATE db SET data = x'00'");
            assertThatThrownBy(() -> store.query(sql, List.of(), row -> codec.decode(row.getBytes(1))))
                    .isInstanceOf(ShardFileException.class)
                    .hasMessageContaining(file + ": a row of 1 bytes begins with none of the known tags");
        }
    }

    @Test
    void collectsWhileItReads(@TempDir Path dir) throws Exception {
        try (var store = filled(dir)) {
            long sum = store.query(
                    "SELECT sum(key_1), count(*) FROM db WHERE key_2 = ?",
                    List.of("x"),
                    row -> row.getLong(1),
                    Collectors.summingLong(each -> each));
            Map<String, Long> counts = store.query(
                    "SELECT key_0 FROM db",
                    List.of(),
                    row -> row.getString(1),
                    Collectors.groupingBy(name -> name, Collectors.counting()));

            assertThat(sum).isEqualTo(ROWS * (ROWS - 1) / 2);
            assertThat(counts)
                    .hasSize(10)
                    .allSatisfy((name, count) -> assertThat(count).isEqualTo(30));
        }
    }

    @Test
    void bindsParametersOfAllTypes(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            List<String> types = store.query(
                    "SELECT typeof(?) || typeof(?) || typeof(?) || typeof(?)",
                    List.of(1, 1.5f, "'; DROP TABLE db", new byte[] {1}),
                    row -> row.getString(1));

            assertThat(types).hasSize(SHARDS).containsOnly("integerrealtextblob");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM db",
                "INSERT INTO db VALUES ('a', 1, 'x', 'y') RETURNING key_0",
                "CREATE TEMP TABLE t (a)",
                "BEGIN",
                "ATTACH 'other.db' AS other"
            })
    void onlyReads(String sql, @TempDir Path dir) throws Exception {
        try (var store = filled(dir)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.query(sql, List.of(), row -> 1))
                    .withMessageContaining("a query only reads, write with put or remove");
            assertThat(store.size()).isEqualTo(ROWS);
        }
    }

    @Test
    void refusesWhatCannotBeAsked(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.query("SELEC 1", List.of(), row -> 1))
                    .withMessageContaining("SQLite does not understand the statement");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.query("SELECT ?", List.of(), row -> 1))
                    .withMessageContaining("has 1 parameters, but 0 were given");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.query("SELECT ?", List.of(List.of()), row -> 1))
                    .withMessageContaining("use byte[], String, Long or Double");
        }
    }

    @Test
    void leavesNoTraceOnConnections(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            List<Integer> before = store.query("PRAGMA busy_timeout", List.of(), row -> row.getInt(1));
            assertThat(store.query("PRAGMA busy_timeout = 77", List.of(), row -> row.getInt(1)))
                    .containsOnly(77);

            assertThat(store.query("PRAGMA busy_timeout", List.of(), row -> row.getInt(1)))
                    .isEqualTo(before)
                    .doesNotContain(77);
        }
    }

    @Test
    void asksAllShardsAtOnce(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            var met = new CyclicBarrier(SHARDS);

            List<Boolean> all = store.query("SELECT 1", List.of(), row -> meets(met));

            assertThat(all).containsExactly(true, true, true);
        }
    }

    private static boolean meets(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    @Test
    void oneFailureCancelsTheOthersAndNamesTheFile(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            ShardKey key = ShardKey.of("a", 1, "x");
            store.put(key, 1);
            // abs() of the smallest integer is an error of SQLite's, and only one shard comes to it
            String sql = "SELECT CASE WHEN (SELECT count(*) FROM db) > 0 THEN abs(-9223372036854775807 - 1) ELSE ("
                    + ENDLESS + ") END";

            assertThatThrownBy(() -> store.query(sql, List.of(), row -> row.getLong(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(store.shardOf(key).file().toString());
            assertThat(store.get(key)).contains(1);
            assertThat(store.query("SELECT 1", List.of(), row -> 1)).hasSize(SHARDS);
        }
    }

    @Test
    void passesOnWhatTheMapperThrows(@TempDir Path dir) throws Exception {
        try (var store = filled(dir)) {
            assertThatThrownBy(() -> store.query("SELECT key_1 FROM db", List.of(), row -> {
                        throw new ArithmeticException("own");
                    }))
                    .isInstanceOf(ArithmeticException.class);
            assertThatThrownBy(() -> store.query("SELECT key_1 FROM db", List.of(), row -> row.getInt(9)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("sqlshard.db");
        }
    }

    @Test
    void anInterruptEndsIt(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            var begun = new CountDownLatch(1);
            var asking = new FutureTask<Boolean>(() -> {
                try {
                    store.query("SELECT 1 UNION ALL " + ENDLESS, List.of(), row -> {
                        begun.countDown();
                        return 1;
                    });
                    return false;
                } catch (InterruptedException e) {
                    return true;
                }
            });
            var thread = new Thread(asking);
            thread.start();
            begun.await();

            thread.interrupt();

            assertThat(asking.get()).isTrue();
            assertThat(store.query("SELECT 1", List.of(), row -> 1)).hasSize(SHARDS);
        }
    }

    @Test
    void manyAskAtATime(@TempDir Path dir) throws Exception {
        try (var store = filled(dir)) {
            List<Integer> all = IntStream.range(0, 40)
                    .parallel()
                    .mapToObj(i -> Unchecked.call(() -> store.query("SELECT key_1 FROM db", List.of(), row -> 1)))
                    .map(List::size)
                    .toList();

            assertThat(all).hasSize(40).containsOnly(ROWS);
        }
    }
}
