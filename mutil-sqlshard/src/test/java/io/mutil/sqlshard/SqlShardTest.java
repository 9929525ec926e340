package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlShardTest {
    private static final ShardKey A = ShardKey.of("a", 1L, "x");
    private static final ShardKey B = ShardKey.of("b", 2L, "x");
    private static final ShardKey C = ShardKey.of("c", 3.5, new byte[] {1});

    private static SqlShard<String> open(Path dir) throws Exception {
        return SqlShard.builder(dir, ValueCodec.json(String.class)).shards(3).open();
    }

    @Test
    void keepsValuesBeyondItsClosing(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            store.put(A, "1");
            store.put(A, "2");
            store.put(C, "3");
        }

        try (var store = SqlShard.open(dir, String.class)) {
            assertThat(store.get(A)).contains("2");
            assertThat(store.get(B)).isEmpty();
            assertThat(store.get(C)).contains("3");
            assertThat(store.size()).isEqualTo(2);
            assertThat(store.shards()).isEqualTo(3);
        }
    }

    @Test
    void hasSixteenShardsAndThreePartKeysUnlessToldOtherwise(@TempDir Path dir) throws Exception {
        try (var store = SqlShard.open(dir, String.class)) {
            assertThat(store.shards()).isEqualTo(16);
            assertThat(store.keyLength()).isEqualTo(3);
            assertThat(store.shardIndex()).isZero();
        }
    }

    @Test
    void removesOnlyWhatIsThere(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            store.put(A, "1");

            assertThat(store.remove(A)).isTrue();
            assertThat(store.remove(A)).isFalse();
            assertThat(store.containsKey(A)).isFalse();
        }
    }

    @Test
    void knowsKeysWithoutTheirValues(@TempDir Path dir) throws Exception {
        try (var store = Stores.builder(dir)
                .shards(3)
                .durability(Durability.behind(Duration.ofDays(1)))
                .open()) {
            store.put(A, "1");
            assertThat(store.containsKey(A)).isTrue();
            assertThat(store.containsKey(B)).isFalse();

            store.flush();
            Stores.sql(store.shardOf(A).file(), "UPDATE db SET data = x'00'");
            assertThat(store.containsKey(A)).isTrue();
            assertThat(store.containsKey(B)).isFalse();
        }
    }

    @Test
    void putsIfAbsentOnlyOnce(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            assertThat(store.putIfAbsent(A, "1")).isEmpty();
            assertThat(store.putIfAbsent(A, "2")).contains("1");
            assertThat(store.get(A)).contains("1");
        }
    }

    @Test
    void putsAndGetsMany(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            store.putAll(Map.of(A, "1", B, "2", C, "3"));

            assertThat(store.getAll(List.of(C, ShardKey.of("d", 0, 0), A)))
                    .containsExactly(Map.entry(C, "3"), Map.entry(A, "1"));
            assertThat(store.size()).isEqualTo(3);
        }
    }

    @Test
    void computesFromWhatIsThere(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            assertThat(store.compute(A, old -> old.map(value -> value + "+"))).isEmpty();
            assertThat(store.compute(A, old -> Optional.of(old.orElse("new")))).contains("new");
            assertThat(store.compute(A, old -> old.map(value -> value + "+"))).contains("new+");
            assertThat(store.get(A)).contains("new+");
            assertThat(store.compute(A, old -> Optional.empty())).isEmpty();
            assertThat(store.containsKey(A)).isFalse();
        }
    }

    @Test
    void clearsAllShards(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            store.putAll(Map.of(A, "1", B, "2", C, "3"));

            store.clear();

            assertThat(store.size()).isZero();
        }
    }

    @Test
    void showsEveryRowOnceInTheOrderOfEachShard(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            for (int i = 0; i < 1500; i++) {
                var unused = store.putAsync(ShardKey.of("key" + i % 7, i, "x"), "v" + i);
            }
            store.flush();

            try (Stream<Row<String>> rows = store.stream()) {
                List<Row<String>> all = rows.toList();
                assertThat(all).hasSize(1500).doesNotHaveDuplicates();
                assertThat(all.stream()
                                .filter(row -> new StoreShape(3, 3, 0).shardOf(row.key()) == 1)
                                .map(Row::key))
                        .isSorted();
                assertThat(all)
                        .allMatch(row -> row.value().equals("v" + row.key().part(1)));
            }
        }
    }

    @Test
    void completesFuturesAfterTheCommit(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            assertThat(store.putAsync(A, "1").thenApply(done -> "done").get()).isEqualTo("done");
            assertThat(store.get(A)).contains("1");
            assertThat(store.removeAsync(A).get()).isTrue();
            assertThat(store.removeAsync(A).get()).isFalse();
        }
    }

    @Test
    void countsWhatItDid(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            store.putAll(Map.of(A, "1", B, "2"));
            assertThat(store.get(A)).contains("1");

            assertThat(store.stats().total(ShardStats::rows)).isEqualTo(2);
            assertThat(store.stats().total(ShardStats::reads)).isEqualTo(1);
            assertThat(store.stats().shards()).hasSize(3);
        }
    }

    @Test
    void refusesKeysOfAnotherLength(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.put(ShardKey.of("a", 1), "1"))
                    .withMessageContaining("key has 2 parts, but keys of this store have 3");
        }
    }

    @Test
    void refusesEverythingOnceClosed(@TempDir Path dir) throws Exception {
        var store = open(dir);
        store.close();
        store.close();

        assertThatIllegalStateException().isThrownBy(() -> store.put(A, "1")).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> store.get(A)).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(store::size);
        assertThatIllegalStateException().isThrownBy(store::flush);
    }
}
