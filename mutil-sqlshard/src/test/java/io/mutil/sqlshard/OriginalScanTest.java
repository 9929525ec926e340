package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Scans of stores that the Python library has written. */
class OriginalScanTest {
    @ParameterizedTest
    @MethodSource("io.mutil.sqlshard.Vectors#stores")
    void findsAllRows(Vectors.Store vectors, @TempDir Path dir) throws Exception {
        NavigableMap<ShardKey, JsonNode> expected = new TreeMap<>();
        for (JsonNode entry : vectors.entries()) {
            expected.put(Vectors.key(entry.get("key")), entry.get("value"));
        }
        Tar.unpack(vectors.name() + ".tar", dir);

        try (var store = SqlShard.builder(dir, ValueCodec.json(JsonNode.class))
                .shardIndex(vectors.shardIndex())
                .open()) {
            assertThat(rows(store.scan().stream())).containsExactlyElementsOf(expected.entrySet());
            for (ShardKey key : expected.keySet()) {
                assertFoundByItsParts(key, store, expected);
            }
        }
    }

    private static void assertFoundByItsParts(
            ShardKey key, SqlShard<JsonNode> store, NavigableMap<ShardKey, JsonNode> expected) throws Exception {
        ShardKey start = ShardKey.of(key.part(0), key.part(1));
        assertThat(rows(store.range(key.part(0), key.part(1), key.part(1))))
                .containsExactlyElementsOf(expected.entrySet().stream()
                        .filter(row -> ShardKey.of(
                                        row.getKey().part(0), row.getKey().part(1))
                                .equals(start))
                        .toList());
    }

    private static List<Map.Entry<ShardKey, JsonNode>> rows(Stream<Row<JsonNode>> found) {
        try (found) {
            return found.map(row -> Map.entry(row.key(), row.value())).toList();
        }
    }
}
