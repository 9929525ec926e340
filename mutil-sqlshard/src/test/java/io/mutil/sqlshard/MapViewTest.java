package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapViewTest {
    private static final ShardKey A = ShardKey.of("a", 1L);
    private static final ShardKey B = ShardKey.of("b", 1L);
    private static final ShardKey C = ShardKey.of("c", 1L);

    private SqlShard<Integer> store;
    private ConcurrentMap<ShardKey, Integer> map;

    @BeforeEach
    void open(@TempDir Path dir) throws Exception {
        store = SqlShard.builder(dir, ValueCodec.json(Integer.class))
                .shards(2)
                .keyLength(2)
                .open();
        map = store.asMap();
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    @Test
    void putsGetsAndRemoves() throws Exception {
        assertThat(map.put(A, 1)).isNull();
        assertThat(map.put(A, 2)).isEqualTo(1);
        assertThat(map.get(A)).isEqualTo(2);
        assertThat(map.getOrDefault(B, 9)).isEqualTo(9);
        assertThat(store.get(A)).contains(2);
        assertThat(map.containsKey(A)).isTrue();
        assertThat(map.containsValue(2)).isTrue();
        assertThat(map.remove(A)).isEqualTo(2);
        assertThat(map.remove(A)).isNull();
        assertThat(map).isEmpty();
    }

    @Test
    void equalsAnyMapOfTheSameRows() {
        map.putAll(Map.of(A, 1, B, 2));

        assertThat(map)
                .isEqualTo(Map.of(A, 1, B, 2))
                .hasSameHashCodeAs(Map.of(A, 1, B, 2))
                .hasSize(2);
        assertThat(Map.of(A, 1, B, 2)).isEqualTo(map);
        assertThat(map).isNotEqualTo(Map.of(A, 1, B, 3));
        assertThat(map).isNotEqualTo(Map.of("a", 1, "b", 2));
        assertThat(map.keySet()).containsExactlyInAnyOrder(A, B);
        assertThat(map.values()).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void changesOnlyWhatIsAsExpected() {
        assertThat(map.putIfAbsent(A, 1)).isNull();
        assertThat(map.putIfAbsent(A, 2)).isEqualTo(1);
        assertThat(map.replace(A, 2, 3)).isFalse();
        assertThat(map.replace(A, 1, 3)).isTrue();
        assertThat(map.replace(B, 4)).isNull();
        assertThat(map.replace(A, 4)).isEqualTo(3);
        assertThat(map.remove(A, 3)).isFalse();
        assertThat(map.remove(A, 4)).isTrue();
        assertThat(map).isEmpty();
    }

    @Test
    void computes() {
        assertThat(map.computeIfAbsent(A, key -> 1)).isEqualTo(1);
        assertThat(map.computeIfPresent(A, (key, old) -> old + 1)).isEqualTo(2);
        assertThat(map.merge(A, 5, Integer::sum)).isEqualTo(7);
        assertThat(map.compute(A, (key, old) -> old == null ? 0 : null)).isNull();
        assertThat(map.compute(A, (key, old) -> old == null ? 0 : null)).isZero();
        map.replaceAll((key, old) -> old + 10);
        assertThat(map).containsExactly(Map.entry(A, 10));
        assertThat(map.computeIfPresent(B, (key, old) -> 1)).isNull();
        assertThat(map.merge(B, 5, Integer::sum)).isEqualTo(5);
        assertThat(map.merge(B, 5, (old, value) -> null)).isNull();
        assertThat(map.computeIfPresent(A, (key, old) -> null)).isNull();
        assertThat(map).isEmpty();
    }

    /** Equal only to itself. */
    static final class Samples {
        public List<Integer> values = List.of();

        Samples plus(int value) {
            var more = new Samples();
            more.values = Stream.concat(values.stream(), Stream.of(value)).toList();
            return more;
        }
    }

    @Test
    void computesValuesThatEqualNoOther(@TempDir Path dir) throws Exception {
        try (var samples = SqlShard.builder(dir, ValueCodec.json(Samples.class))
                .keyLength(2)
                .open()) {
            ConcurrentMap<ShardKey, Samples> view = samples.asMap();
            var calls = new AtomicInteger();
            view.put(A, new Samples());

            view.compute(A, (key, old) -> counted(calls, 1, old).plus(1));
            view.computeIfPresent(A, (key, old) -> counted(calls, 2, old).plus(2));
            view.merge(A, new Samples(), (old, value) -> counted(calls, 3, old).plus(3));
            view.replaceAll((key, old) -> counted(calls, 4, old).plus(4));
            assertThat(samples.get(A).orElseThrow().values).containsExactly(1, 2, 3, 4);

            assertThat(view.computeIfPresent(A, (key, old) -> null)).isNull();
            assertThat(view).isEmpty();
        }
    }

    /** Fails rather than let a function be called for ever. */
    private static <T> T counted(AtomicInteger calls, int expected, T value) {
        assertThat(calls.incrementAndGet()).isEqualTo(expected);
        return value;
    }

    @Test
    void computesWithFunctionsThatChangeTheValueItself(@TempDir Path dir) throws Exception {
        try (var bytes = SqlShard.builder(dir, ValueCodec.bytes()).keyLength(2).open()) {
            ConcurrentMap<ShardKey, byte[]> view = bytes.asMap();
            var calls = new AtomicInteger();
            view.put(A, new byte[1]);

            view.compute(A, (key, old) -> incremented(counted(calls, 1, old)));
            view.computeIfPresent(A, (key, old) -> incremented(counted(calls, 2, old)));
            view.merge(A, new byte[1], (old, value) -> incremented(counted(calls, 3, old)));
            view.replaceAll((key, old) -> incremented(counted(calls, 4, old)));

            assertThat(bytes.get(A).orElseThrow()).containsExactly(4);
        }
    }

    private static byte[] incremented(byte[] value) {
        value[0]++;
        return value;
    }

    @Test
    void comparesArraysByWhatIsInThem(@TempDir Path dir) throws Exception {
        try (var bytes = SqlShard.builder(dir, ValueCodec.bytes()).keyLength(2).open()) {
            ConcurrentMap<ShardKey, byte[]> view = bytes.asMap();
            view.put(A, new byte[] {1});

            assertThat(view.containsValue(new byte[] {1})).isTrue();
            assertThat(view.containsValue(new byte[] {2})).isFalse();
            assertThat(view.values().contains(new byte[] {1})).isTrue();
            assertThat(view.entrySet().contains(Map.entry(A, new byte[] {1}))).isTrue();
            assertThat(view.replace(A, new byte[] {1}, new byte[] {2})).isTrue();
            assertThat(view.remove(A, new byte[] {2})).isTrue();
        }
    }

    @Test
    void leavesARowThatItCannotRead() throws Exception {
        map.put(A, 1);
        Stores.sql(store.shardOf(A).file(), "UPDATE db SET data = x'00'");

        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> map.put(A, 2));
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> map.remove(A));
        assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> map.get(A));
        assertThat(map.containsKey(A)).isTrue();

        store.put(A, 3);
        assertThat(map.put(A, 4)).isEqualTo(3);
    }

    @Test
    @SuppressWarnings("CollectionIncompatibleType")
    void removesAKeyWithoutReadingOthers() throws Exception {
        map.putAll(Map.of(A, 1, B, 2));
        long reads = store.stats().total(ShardStats::reads);

        assertThat(map.keySet().remove(A)).isTrue();
        assertThat(map.keySet().remove(A)).isFalse();
        assertThat(map.keySet().remove("a")).isFalse();
        assertThat(store.stats().total(ShardStats::reads)).isEqualTo(reads);
        assertThat(map.keySet()).containsExactly(B);
    }

    @Test
    void changesThroughItsViews() throws Exception {
        map.putAll(Map.of(A, 1, B, 2, C, 3));

        map.entrySet().forEach(entry -> entry.setValue(entry.getValue() * 2));
        assertThat(map).isEqualTo(Map.of(A, 2, B, 4, C, 6));

        assertThat(map.entrySet().contains(Map.entry(A, 2))).isTrue();
        assertThat(map.entrySet().remove(Map.entry(A, 1))).isFalse();
        assertThat(map.entrySet().remove(Map.entry(A, 2))).isTrue();
        assertThat(map.keySet().remove(B)).isTrue();
        assertThat(map.values().removeIf(value -> value == 6)).isTrue();
        assertThat(store.size()).isZero();
    }

    @Test
    void iteratesAndRemoves() {
        map.putAll(Map.of(A, 1, B, 2));
        Iterator<ShardKey> keys = map.keySet().iterator();
        assertThatIllegalStateException().isThrownBy(keys::remove);

        keys.next();
        keys.remove();
        assertThatIllegalStateException().isThrownBy(keys::remove);
        keys.next();
        assertThat(keys.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(keys::next);

        assertThat(map).hasSize(1);
        map.clear();
        assertThat(map.isEmpty()).isTrue();
    }

    @Test
    @SuppressWarnings("CollectionIncompatibleType")
    void hasNothingForWhatCanBeNoKey() {
        assertThat(map.get("a")).isNull();
        assertThat(map.containsKey(ShardKey.of("a"))).isFalse();
        assertThat(map.remove(ShardKey.of("a", 1, 2))).isNull();
        assertThat(map.remove("a", 1)).isFalse();
        assertThat(map.entrySet().contains(A)).isFalse();
    }

    @Test
    @SuppressWarnings("NullAway")
    void allowsNoNulls() {
        assertThatNullPointerException().isThrownBy(() -> map.put(A, null));
        assertThatNullPointerException().isThrownBy(() -> map.put(null, 1));
        assertThatNullPointerException().isThrownBy(() -> map.replace(A, null, 1));
        assertThatNullPointerException().isThrownBy(() -> map.replace(A, 1, null));
        assertThatNullPointerException().isThrownBy(() -> map.replace(A, null));
        assertThatNullPointerException().isThrownBy(() -> map.merge(A, null, Integer::sum));
        map.put(A, 1);
        assertThatNullPointerException().isThrownBy(() -> map.replaceAll((key, old) -> null));
        assertThat(map.remove(A, null)).isFalse();
        assertThat(map).containsExactly(Map.entry(A, 1));
    }

    @Test
    void keepsTheFlagOfAnInterruptedThread() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> map.put(A, 1))
                .withCauseInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
