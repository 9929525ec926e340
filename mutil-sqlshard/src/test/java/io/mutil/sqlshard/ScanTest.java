package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanTest {
    private static final int ROWS = 1500;

    private static SqlShard<Integer> open(Path dir) throws Exception {
        return builder(dir).open();
    }

    private static SqlShardBuilder<Integer> builder(Path dir) {
        return SqlShard.builder(dir, ValueCodec.json(Integer.class)).shards(3);
    }

    private static ShardKey key(int i) {
        return ShardKey.of("key" + i % 10, i, "x");
    }

    private static void fill(SqlShard<Integer> store) throws Exception {
        Map<ShardKey, Integer> rows = new HashMap<>();
        for (int i = 0; i < ROWS; i++) {
            rows.put(key(i), i);
        }
        store.putAll(rows);
    }

    private static int cursors(SqlShard<?> store) throws Exception {
        return store.allShards().stream()
                .mapToInt(shard -> shard.cursors().count())
                .sum();
    }

    private static List<ShardKey> keys(Scan<?> scan) throws Exception {
        try (Stream<ShardKey> keys = scan.keys()) {
            return keys.toList();
        }
    }

    @Test
    void mergesFilesInTheOrderOfTheKeys(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            fill(store);
            List<ShardKey> sorted =
                    IntStream.range(0, ROWS).mapToObj(ScanTest::key).sorted().toList();

            assertThat(keys(store.scan())).isEqualTo(sorted);
            try (Stream<Row<Integer>> rows = store.scan().descending().stream()) {
                assertThat(rows.map(Row::key)).containsExactlyElementsOf(reversed(sorted));
            }
            assertThat(cursors(store)).isZero();
        }
    }

    private static List<ShardKey> reversed(List<ShardKey> keys) {
        List<ShardKey> reversed = new ArrayList<>(keys);
        Collections.reverse(reversed);
        return reversed;
    }

    @Test
    void findsTheRangeOfTheOriginal(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            fill(store);

            try (Stream<Row<Integer>> rows = store.range("key7", 17, 47)) {
                assertThat(rows.map(Row::value)).containsExactly(17, 27, 37, 47);
            }
        }
    }

    @Test
    void freesConnectionsWhenClosedEarly(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            fill(store);

            try (Stream<Row<Integer>> rows = store.scan().stream()) {
                assertThat(cursors(store)).isEqualTo(3);
                assertThat(rows.findFirst()).isPresent();
                assertThat(cursors(store)).isEqualTo(3);
            }
            assertThat(cursors(store)).isZero();
        }
    }

    @Test
    void keepsNoConnectionForWhatFitsInOnePieceOrIsReadToItsLimit(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            fill(store);

            try (Stream<Row<Integer>> some = store.range("key1", 0, 1000);
                    Stream<Row<Integer>> limited = store.scan().limit(900).stream()) {
                assertThat(cursors(store)).isEqualTo(3);
                assertThat(limited.iterator()).toIterable().hasSize(900);
                assertThat(cursors(store)).isZero();
                assertThat(some).hasSize(100);
            }
        }
    }

    @Test
    void freesConnectionsWhenTheReaderFails(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            fill(store);
            Stream<Row<Integer>> rows = store.scan().stream();

            assertThatThrownBy(() -> rows.forEach(row -> {
                        throw new ArithmeticException("own");
                    }))
                    .isInstanceOf(ArithmeticException.class);
            assertThat(cursors(store)).isZero();
        }
    }

    @Test
    void freesConnectionsWhenARowCannotBeRead(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            fill(store);
        }
        try (var store = SqlShard.open(dir, int[].class);
                Stream<Row<int[]>> rows = store.scan().stream()) {
            assertThat(cursors(store)).isEqualTo(3);
            assertThatThrownBy(rows::count)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("does not read as JSON");
            assertThat(cursors(store)).isZero();
        }
    }

    @Test
    void showsEachFileAsItWas(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            fill(store);
            try (Stream<Row<Integer>> rows = store.scan().stream()) {
                Iterator<Row<Integer>> each = rows.iterator();
                for (int i = 0; i < ROWS; i++) {
                    store.put(key(i), -1);
                    store.put(ShardKey.of("key" + i % 10, i, "y"), -1);
                    assertThat(each.next().value()).isNotNegative();
                }
                assertThat(each.hasNext()).isFalse();
            }
            assertThat(store.size()).isEqualTo(2 * ROWS);
        }
    }

    @Test
    void seesNoHalfOfATransaction(@TempDir Path dir) throws Exception {
        try (var store = builder(dir).shards(1).open()) {
            fill(store);
            var stop = new AtomicBoolean();
            var moving = new FutureTask<Integer>(() -> {
                int moves = 0;
                for (; !stop.get(); moves++) {
                    move(store, key(moves % ROWS), ShardKey.of("moved" + moves % 7, moves, "x"));
                }
                return moves;
            });
            new Thread(moving).start();

            for (int i = 0; i < 20; i++) {
                assertThat(keys(store.scan())).hasSize(ROWS);
            }

            stop.set(true);
            assertThat(moving.get()).isNotNegative();
        }
    }

    private static void move(SqlShard<Integer> store, ShardKey from, ShardKey to) throws Exception {
        boolean unused = store.transaction(from, rows -> {
            Optional<Integer> value = rows.get(from);
            if (value.isPresent()) {
                rows.put(to, value.get());
                rows.remove(from);
            }
            return value.isPresent();
        });
    }

    @Test
    void seesWhatHasReturnedButIsNotWrittenYet(@TempDir Path dir) throws Exception {
        try (var store =
                builder(dir).durability(Durability.behind(Duration.ofHours(1))).open()) {
            store.put(key(1), 1);
            assertThat(keys(store.scan())).containsExactly(key(1));
            store.put(key(2), 2);
            assertThat(store.query("SELECT key_1 FROM db", List.of(), row -> row.getInt(1)))
                    .containsExactlyInAnyOrder(1, 2);
            store.put(key(3), 3);
            assertThat(store.prune(10)).isEqualTo(3);
        }
    }

    @Test
    void openScansKeepNoReaderWaiting(@TempDir Path dir) throws Exception {
        try (var store = builder(dir).readers(1).open()) {
            fill(store);
            List<Stream<?>> open = new ArrayList<>();
            for (int i = 0; i < OpenCursors.LIMIT; i++) {
                open.add(store.scan().stream());
            }

            assertThat(store.get(key(5))).contains(5);
            store.put(key(5), 6);
            assertThat(store.get(key(5))).contains(6);
            assertThatIllegalStateException()
                    .isThrownBy(() -> store.scan().stream())
                    .withMessageContaining("64 scans of a shard are open");
            assertThat(store.get(key(5))).contains(6);
            open.forEach(Stream::close);
            assertThat(cursors(store)).isZero();
            assertThat(keys(store.scan())).hasSize(ROWS);
        }
    }

    @Test
    void closingTheStoreClosesItsScans(@TempDir Path dir) throws Exception {
        var store = open(dir);
        fill(store);
        Iterator<ShardKey> keys = store.scan().keys().iterator();
        assertThat(keys.next()).isNotNull();

        store.close();

        assertThat(cursors(store)).isZero();
        assertThatIllegalStateException()
                .isThrownBy(() -> keys.forEachRemaining(key -> {}))
                .withMessageContaining("closed");
        assertThatIllegalStateException()
                .isThrownBy(() -> store.scan().stream())
                .withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> store.prune(1)).withMessageContaining("closed");
    }

    @Test
    void anotherThreadMayCloseIt(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            fill(store);
            for (int round = 0; round < 20; round++) {
                Stream<ShardKey> keys = store.scan().keys();
                Iterator<ShardKey> each = keys.iterator();
                var reading = new FutureTask<Boolean>(() -> {
                    try {
                        each.forEachRemaining(key -> {});
                        return true;
                    } catch (IllegalStateException e) {
                        return String.valueOf(e.getMessage()).contains("closed");
                    }
                });
                var thread = new Thread(reading);
                thread.start();
                keys.close();
                assertThat(reading.get()).isTrue();
                thread.join();
                assertThat(cursors(store)).isZero();
            }
            assertThat(keys(store.scan())).hasSize(ROWS);
        }
    }

    @Test
    void givesConnectionsBackToThePool(@TempDir Path dir) throws Exception {
        try (var store = builder(dir).readers(1).open()) {
            fill(store);
            Shard shard = store.shardOf(key(1));
            Connection first = shard.read(ReadConnection::jdbc);

            keys(store.scan());

            assertThat(shard.<Connection>read(ReadConnection::jdbc)).isSameAs(first);
        }
    }

    @Test
    void refusesWhatNoRangeCanBe(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            Scan<Integer> all = store.scan();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> all.prefix(1, 2, 3, 4))
                    .withMessage("prefix has 4 parts, but keys of this store have 3; leave out parts");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> all.prefix(1, 2, 3).from(4))
                    .withMessageContaining("none for a bound");
            assertThatIllegalArgumentException().isThrownBy(() -> all.from(4).prefix(1, 2, 3));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> all.limit(-1))
                    .withMessage("limit must not be negative, was -1");
            assertThatIllegalArgumentException().isThrownBy(() -> all.to(Double.NaN));
        }
    }
}
