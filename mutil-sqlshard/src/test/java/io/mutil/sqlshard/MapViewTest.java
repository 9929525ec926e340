package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentMap;
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
