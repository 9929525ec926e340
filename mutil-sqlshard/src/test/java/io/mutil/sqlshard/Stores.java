package io.mutil.sqlshard;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What tests do to stores from outside. */
final class Stores {
    private Stores() {}

    static SqlShardBuilder<String> builder(Path dir) {
        return SqlShard.builder(dir, ValueCodec.json(String.class));
    }

    static Path file(Path dir, int shard) {
        return new StoreDirectory(dir).file(shard);
    }

    /** Runs a statement on a file. */
    static void sql(Path file, String statement) throws Exception {
        try (var connection = Connections.writing(file, false)) {
            Connections.execute(connection, statement);
        }
    }

    static ShardKey key(int i) {
        return ShardKey.of("key " + i, i, "x");
    }

    static Map<ShardKey, String> rows(int count) {
        Map<ShardKey, String> rows = new HashMap<>();
        for (int i = 0; i < count; i++) {
            rows.put(key(i), "value " + i);
        }
        return rows;
    }

    /** A new store with the rows of {@link #rows}. */
    static void fill(Path dir, int shards, int count) throws Exception {
        try (var store = builder(dir).shards(shards).open()) {
            store.putAll(rows(count));
        }
    }

    static Map<ShardKey, String> contents(SqlShard<String> store) throws Exception {
        Map<ShardKey, String> all = new TreeMap<>();
        store.forEach(row -> all.put(row.key(), row.value()));
        return all;
    }

    static Map<ShardKey, String> contents(Path dir) throws Exception {
        try (var store = builder(dir).open()) {
            return contents(store);
        }
    }

    /** Names in a directory. */
    static List<String> names(Path dir) throws Exception {
        try (Stream<Path> all = Files.list(dir)) {
            return all.map(each -> String.valueOf(each.getFileName())).sorted().toList();
        }
    }
}
