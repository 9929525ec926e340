package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionTest {
    private static final ShardKey A = ShardKey.of("account", 1L);
    private static final ShardKey B = ShardKey.of("account", 2L);

    private static SqlShard<Integer> open(Path dir) throws Exception {
        return SqlShard.builder(dir, ValueCodec.json(Integer.class))
                .shards(3)
                .keyLength(2)
                .open();
    }

    @Test
    void readsItsOwnWrites(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            store.put(A, 1);

            int sum = store.transaction(A, rows -> {
                rows.put(B, 2);
                int both = rows.get(A).orElseThrow() + rows.get(B).orElseThrow();
                rows.remove(A);
                assertThat(rows.get(A)).isEmpty();
                assertThat(store.get(B)).isEmpty();
                return both;
            });

            assertThat(sum).isEqualTo(3);
            assertThat(store.get(A)).isEmpty();
            assertThat(store.get(B)).contains(2);
        }
    }

    @Test
    void runsAgainWhenWhatItReadHasChanged(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            store.put(A, 1);
            var runs = new AtomicInteger();

            int seen = store.transaction(A, rows -> {
                int value = rows.get(A).orElseThrow();
                if (runs.incrementAndGet() == 1) {
                    store.put(A, 5);
                }
                rows.put(B, value);
                return value;
            });

            assertThat(seen).isEqualTo(5);
            assertThat(runs).hasValue(2);
            assertThat(store.get(B)).contains(5);
            assertThat(store.stats().total(ShardStats::conflicts)).isEqualTo(1);
        }
    }

    @Test
    void computesAgainWhenTheValueHasChanged(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            store.put(A, 1);
            List<Integer> seen = new ArrayList<>();

            store.compute(A, old -> {
                seen.add(old.orElse(0));
                if (seen.size() == 1) {
                    Unchecked.call(() -> store.remove(A));
                }
                return old.map(value -> value + 1).or(() -> Optional.of(-1));
            });

            assertThat(seen).containsExactly(1, 0);
            assertThat(store.get(A)).contains(-1);
        }
    }

    @Test
    void writesNothingWhenTheFunctionFails(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> store.transaction(A, rows -> {
                        rows.put(A, 1);
                        throw new IllegalStateException("no");
                    }))
                    .withMessage("no");

            assertThat(store.get(A)).isEmpty();
        }
    }

    @Test
    void runsAgainWhenItFailedOnRowsThatDoNotBelongTogether(@TempDir Path dir) throws Exception {
        for (Throwable failure : List.of(new IOException(), new IllegalStateException(), new AssertionError())) {
            try (var store = open(dir)) {
                store.putAll(Map.of(A, 1, B, 1));
                var runs = new AtomicInteger();

                int sum = store.transaction(A, rows -> {
                    int a = rows.get(A).orElseThrow();
                    if (runs.incrementAndGet() == 1) {
                        store.putAll(Map.of(A, 2, B, 2));
                    }
                    int b = rows.get(B).orElseThrow();
                    if (a != b) {
                        throw thrown(failure);
                    }
                    return a + b;
                });

                assertThat(sum).isEqualTo(4);
                assertThat(runs).hasValue(2);
            }
        }
    }

    @Test
    void throwsWhatFailsOnRowsThatBelongTogether(@TempDir Path dir) throws Exception {
        for (Throwable failure : List.of(new IOException(), new IllegalStateException(), new AssertionError())) {
            try (var store = open(dir)) {
                assertThatThrownBy(() -> store.transaction(A, rows -> {
                            var unused = List.of(rows.get(A), rows.get(B));
                            throw thrown(failure);
                        }))
                        .isSameAs(failure);
            }
        }
    }

    @Test
    void throwsTheFirstFailureWhenTheRowsCannotBeReadAgain(@TempDir Path dir) throws Exception {
        var failure = new IOException("no");
        var store = open(dir);

        assertThatThrownBy(() -> store.transaction(A, rows -> {
                    var unused = List.of(rows.get(A), rows.get(B));
                    store.close();
                    throw failure;
                }))
                .isSameAs(failure)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }

    private static RuntimeException thrown(Throwable failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        return (RuntimeException) failure;
    }

    @Test
    void keepsToItsShardAndItsFunction(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            ShardKey other = ShardKey.of("b", 1L);
            List<Transaction<Integer>> kept = new ArrayList<>();
            assertThat(store.shardOf(other)).isNotEqualTo(store.shardOf(A));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.transaction(A, rows -> rows.get(other)))
                    .withMessageContaining("another shard");
            store.transaction(A, kept::add);
            assertThatIllegalStateException()
                    .isThrownBy(() -> kept.get(0).put(A, 1))
                    .withMessageContaining("ended");
        }
    }
}
