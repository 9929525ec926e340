package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mutil.testkit.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CompatibilityTest {
    private static final ValueCodec<JsonNode> JSON = ValueCodec.json(JsonNode.class);

    @ParameterizedTest
    @MethodSource("io.mutil.sqlshard.Vectors#stores")
    void readsWhatTheOriginalWrote(Vectors.Store vectors, @TempDir Path dir) throws Exception {
        Tar.unpack(vectors.name() + ".tar", dir);

        try (var store =
                SqlShard.builder(dir, JSON).shardIndex(vectors.shardIndex()).open()) {
            assertThat(store.shards()).isEqualTo(vectors.shards());
            assertThat(store.keyLength()).isEqualTo(vectors.keyLength());
            assertThat(store.size()).isEqualTo(vectors.entries().size());
            for (JsonNode entry : vectors.entries()) {
                ShardKey key = Vectors.key(entry.get("key"));
                assertThat(store.get(key)).as("%s", key).contains(entry.get("value"));
                assertThat(store.shardOf(key).index())
                        .isEqualTo(entry.get("shard").asInt());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.sqlshard.Vectors#stores")
    void writesInPlaceWhatTheOriginalWrote(Vectors.Store vectors, @TempDir Path dir) throws Exception {
        Tar.unpack(vectors.name() + ".tar", dir);

        try (var store =
                SqlShard.builder(dir, JSON).shardIndex(vectors.shardIndex()).open()) {
            JsonNode changed = JsonMapper.shared().readTree("{\"changed\":[1,null]}");
            for (JsonNode entry : vectors.entries()) {
                store.put(Vectors.key(entry.get("key")), changed);
            }

            assertThat(store.size()).isEqualTo(vectors.entries().size());
            assertThat(store.stream()).allMatch(row -> row.value().equals(changed));
        }
    }

    @Test
    void choosesTheShardOfTheOriginal() throws Exception {
        assertThat(Vectors.index())
                .allSatisfy(vector -> assertThat(KeyPart.shard(
                                Vectors.hashed(vector), vector.get("shards").asInt()))
                        .isEqualTo(vector.get("index").asInt()));
    }

    @Test
    void writesWhatTheSqlOfTheOriginalReads(@TempDir Path dir) throws Exception {
        assumeTrue(Node.runs("python3", "-c", "import sqlite3, zlib, json"), "skipped: no python3 with sqlite3");
        ShardKey key = ShardKey.of(bytes("IBM"), 17L, "bid \uD83D\uDE00");
        JsonNode value = JsonMapper.shared().readTree("{\"name\":\"\u00E9\uD83D\uDE00\",\"n\":[1,2.5,null,true]}");
        try (var store = SqlShard.builder(dir, JSON).shards(5).open()) {
            store.put(key, value);
        }

        String printed = python("""
                import json, sqlite3, sys, zlib
                key = (b"IBM", 17, "bid \\U0001F600")
                n = zlib.adler32(key[0]) % 5
                db = sqlite3.connect(f"{sys.argv[1]}/sqlshard/{n}/sqlshard.db")
                row = db.execute("SELECT * FROM db WHERE key_0 = ? AND key_1 = ? AND key_2 = ?", key).fetchone()
                print(json.dumps(json.loads(zlib.decompress(row[-1]))))
                """, dir);

        assertThat(JsonMapper.shared().readTree(printed)).isEqualTo(value);
    }

    @Test
    void readsWhatPythonWritesMeanwhile(@TempDir Path dir) throws Exception {
        assumeTrue(Node.runs("python3", "-c", "import sqlite3, zlib, json"), "skipped: no python3 with sqlite3");
        ShardKey key = ShardKey.of(bytes("IBM"), 17L, "bid");
        try (var store = SqlShard.builder(dir, JSON).shards(5).open()) {
            store.put(key, JsonMapper.shared().readTree("1"));
            python("""
                    import json, sqlite3, sys, zlib
                    key = (b"IBM", 17, "bid")
                    n = zlib.adler32(key[0]) % 5
                    db = sqlite3.connect(f"{sys.argv[1]}/sqlshard/{n}/sqlshard.db", isolation_level=None)
                    db.execute("INSERT OR REPLACE INTO db VALUES (?, ?, ?, ?)", (*key, zlib.compress(b'{"a":2}', 1)))
                    """, dir);

            assertThat(store.get(key)).contains(JsonMapper.shared().readTree("{\"a\":2}"));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String python(String program, Path dir) throws IOException, InterruptedException {
        Process python = new ProcessBuilder("python3", "-c", program, dir.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(python.waitFor()).as(printed).isZero();
        return printed;
    }

    @Test
    void findsPartsWithZerosAndOddCharacters(@TempDir Path dir) throws Exception {
        Map<ShardKey, Integer> rows = Map.of(
                ShardKey.of("a\0b", "\0", ""), 1,
                ShardKey.of("a", "\0", ""), 2,
                ShardKey.of(new byte[0], new byte[1], 0.1), 3,
                ShardKey.of(Long.MIN_VALUE, Double.NEGATIVE_INFINITY, Double.MIN_VALUE), 4,
                ShardKey.of("1", 1L, "1.0"), 5);
        try (var store =
                SqlShard.builder(dir, ValueCodec.json(Integer.class)).shards(2).open()) {
            store.putAll(rows);

            assertThat(store.getAll(rows.keySet())).isEqualTo(rows);
            assertThat(store.asMap()).isEqualTo(rows);
        }
    }

    @Test
    void takesAnIntegerForTheEqualRealNumber(@TempDir Path dir) throws Exception {
        try (var store = SqlShard.builder(dir, ValueCodec.json(Integer.class)).open()) {
            store.put(ShardKey.of(1L, 2.0, 0.0), 1);
            store.put(ShardKey.of(1.0, 2L, -0.0), 2);

            assertThat(store.get(ShardKey.of(1, 2, 0))).contains(2);
            assertThat(store.size()).isEqualTo(1);
        }
    }

    @Test
    void keepsTheTableOfTheOriginal(@TempDir Path dir) throws Exception {
        SqlShard.builder(dir, JSON).shards(1).keyLength(2).open().close();

        try (Connection connection = Connections.reading(dir.resolve("sqlshard/0/sqlshard.db"));
                var statement = connection.createStatement()) {
            ResultSet row = statement.executeQuery("SELECT sql FROM sqlite_schema WHERE name = 'db'");
            assertThat(row.getString(1)).isEqualTo("CREATE TABLE db (key_0, key_1, data, PRIMARY KEY(key_0, key_1))");
        }
    }
}
