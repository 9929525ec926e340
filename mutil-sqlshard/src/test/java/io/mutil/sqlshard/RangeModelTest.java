package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;

class RangeModelTest {
    /** Few, so that they meet, and all that SQLite orders in its own way. */
    private static final Object[] PARTS = {
        Double.NEGATIVE_INFINITY,
        Long.MIN_VALUE,
        -1,
        -0.5,
        0,
        -0.0,
        0.5,
        1,
        1.0,
        2,
        (1L << 53) + 1,
        0x1p53,
        Long.MAX_VALUE,
        0x1p63,
        "",
        "a",
        "ab",
        "b",
        "\uFFFD",
        "\uD83D\uDE00",
        new byte[0],
        new byte[] {0},
        new byte[] {'a'},
        new byte[] {-1}
    };

    record Store(int shards, int keyLength, int shardIndex, List<ShardKey> keys, List<Wanted> scans) {}

    record Wanted(
            List<Object> prefix,
            @Nullable Object lower,
            boolean lowerIncluded,
            @Nullable Object upper,
            boolean upperIncluded,
            boolean descending,
            int limit) {}

    @Provide
    Arbitrary<Store> stores() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(1, 4))
                .flatAs((shards, length) ->
                        Arbitraries.integers().between(0, length - 1).flatMap(index -> stores(shards, length, index)));
    }

    private static Arbitrary<Store> stores(int shards, int length, int index) {
        return Combinators.combine(
                        keys(length).list().ofMaxSize(80), scans(length).list().ofSize(20))
                .as((keys, scans) -> new Store(shards, length, index, keys, scans));
    }

    private static Arbitrary<Object> parts() {
        return Arbitraries.of(PARTS);
    }

    private static Arbitrary<ShardKey> keys(int length) {
        return parts().list().ofSize(length).map(parts -> ShardKey.of(parts.toArray()));
    }

    private static Arbitrary<Wanted> scans(int length) {
        Arbitrary<Boolean> flag = Arbitraries.of(true, false);
        return parts().list().ofMaxSize(length).flatMap(prefix -> {
            double none = prefix.size() == length ? 1 : 0.3;
            return Combinators.combine(
                            parts().injectNull(none),
                            flag,
                            parts().injectNull(none),
                            flag,
                            flag,
                            Arbitraries.integers().between(-5, 20))
                    .as((lower, in, upper, under, descending, limit) ->
                            new Wanted(prefix, lower, in, upper, under, descending, limit));
        });
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    void findsAndRemovesWhatSortedMapHas(@ForAll("stores") Store wanted) throws Exception {
        Path dir = Files.createTempDirectory("range");
        try (SqlShard<Integer> store = SqlShard.builder(dir, ValueCodec.json(Integer.class))
                .shards(wanted.shards())
                .keyLength(wanted.keyLength())
                .shardIndex(wanted.shardIndex())
                .open()) {
            NavigableMap<ShardKey, Integer> model = new TreeMap<>();
            for (ShardKey key : wanted.keys()) {
                model.put(key, model.size());
            }
            store.putAll(model);

            for (Wanted scan : wanted.scans()) {
                assertSame(scan, store, model);
            }
            removeBoth(wanted.scans().get(0), store, model);
            assertThat(rows(store.scan())).containsExactlyElementsOf(model.entrySet());
        } finally {
            delete(dir);
        }
    }

    private static void assertSame(Wanted wanted, SqlShard<Integer> store, NavigableMap<ShardKey, Integer> model)
            throws Exception {
        List<Map.Entry<ShardKey, Integer>> expected = expected(wanted, model);
        Scan<Integer> scan = scan(wanted, store);
        assertThat(rows(scan)).as(wanted.toString()).containsExactlyElementsOf(expected);
        try (Stream<ShardKey> keys = scan.keys()) {
            assertThat(keys)
                    .containsExactlyElementsOf(
                            expected.stream().map(Map.Entry::getKey).toList());
        }
    }

    private static void removeBoth(Wanted wanted, SqlShard<Integer> store, NavigableMap<ShardKey, Integer> model)
            throws Exception {
        List<Map.Entry<ShardKey, Integer>> expected = expected(wanted, model);
        assertThat(scan(wanted, store).remove()).isEqualTo(expected.size());
        expected.forEach(row -> model.remove(row.getKey()));
    }

    private static List<Map.Entry<ShardKey, Integer>> rows(Scan<Integer> scan) throws Exception {
        try (Stream<Row<Integer>> rows = scan.stream()) {
            return rows.map(row -> Map.entry(row.key(), row.value())).toList();
        }
    }

    private static Scan<Integer> scan(Wanted wanted, SqlShard<Integer> store) {
        Scan<Integer> scan = store.scan().prefix(wanted.prefix().toArray());
        if (wanted.lower() != null) {
            scan = wanted.lowerIncluded() ? scan.from(wanted.lower()) : scan.fromExclusive(wanted.lower());
        }
        if (wanted.upper() != null) {
            scan = wanted.upperIncluded() ? scan.to(wanted.upper()) : scan.toExclusive(wanted.upper());
        }
        scan = wanted.descending() ? scan.descending() : scan;
        return wanted.limit() < 0 ? scan : scan.limit(wanted.limit());
    }

    private static List<Map.Entry<ShardKey, Integer>> expected(Wanted wanted, NavigableMap<ShardKey, Integer> model) {
        List<Map.Entry<ShardKey, Integer>> found = new ArrayList<>();
        for (Map.Entry<ShardKey, Integer> row : model.entrySet()) {
            if (isWanted(wanted, row.getKey())) {
                found.add(Map.entry(row.getKey(), row.getValue()));
            }
        }
        if (wanted.descending()) {
            Collections.reverse(found);
        }
        return wanted.limit() < 0 ? found : found.subList(0, Math.min(found.size(), wanted.limit()));
    }

    private static boolean isWanted(Wanted wanted, ShardKey key) {
        int after = wanted.prefix().size();
        return IntStream.range(0, after)
                        .allMatch(i -> compare(key.part(i), wanted.prefix().get(i)) == 0)
                && (wanted.lower() == null
                        || compare(key.part(after), wanted.lower()) >= (wanted.lowerIncluded() ? 0 : 1))
                && (wanted.upper() == null
                        || compare(key.part(after), wanted.upper()) <= (wanted.upperIncluded() ? 0 : -1));
    }

    private static int compare(Object a, Object b) {
        return Integer.signum(ShardKey.of(a).compareTo(ShardKey.of(b)));
    }

    private static void delete(Path dir) throws IOException {
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path each : all.sorted(Collections.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
