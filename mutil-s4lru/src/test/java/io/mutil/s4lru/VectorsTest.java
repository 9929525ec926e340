package io.mutil.s4lru;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What the Python library did, step by step. */
class VectorsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static InputStream resource(String name) {
        return Objects.requireNonNull(VectorsTest.class.getResourceAsStream("/" + name), name);
    }

    static Stream<Named<JsonNode>> scripts() throws IOException {
        try (InputStream in = resource("vectors/s4lru_scripts.jsonl")) {
            return new String(in.readAllBytes(), UTF_8)
                            .lines()
                            .map(JSON::readTree)
                            .map(script -> Named.of(script.get("name").asString(), script))
                            .toList()
                            .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void everyStepLeavesTheSameState(JsonNode script, @TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        try (S4Lru lru = open(script, file, script.get("levels").asInt())) {
            for (JsonNode step : script.get("steps")) {
                run(lru, step);
                assertThat(state(lru)).as("%s", step).isEqualTo(step.get("state"));
            }
            // What the library writes at once is written here a moment later; the counts are not.
            lru.commit();
            assertThat(rows(copy(file, dir))).isEqualTo(script.get("disk_rows"));
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void itsFilesLoadToTheSameLevels(JsonNode script, @TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        write(file, script.get("disk_rows"));
        int levels = script.get("levels").asInt();

        try (S4Lru lru = open(script, file, levels)) {
            assertThat(state(lru)).isEqualTo(script.get("reload"));
        }
        if (script.has("reload_fewer_levels")) {
            JsonNode fewer = script.get("reload_fewer_levels");
            try (S4Lru lru = open(script, file, fewer.get("levels").asInt())) {
                assertThat(state(lru)).isEqualTo(fewer.get("state"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "4", "8"})
    void itsOwnFilesLoadToTheSameLevels(int number, @TempDir Path dir) throws Exception {
        Path file = dir.resolve("state.sqlite");
        try (InputStream in = resource("vectors/s4lru_state_" + number + ".sqlite")) {
            Files.copy(in, file);
        }
        JsonNode script = scripts().skip(number).findFirst().orElseThrow().getPayload();

        try (S4Lru lru = open(script, file, script.get("levels").asInt())) {
            assertThat(state(lru)).isEqualTo(script.get("reload"));
        }
        assertThat(rows(file)).as("nothing happened").isEqualTo(script.get("disk_rows"));
    }

    private static S4Lru open(JsonNode script, Path file, int levels) throws IOException {
        return S4Lru.builder(script.get("capacity").asLong())
                .levels(levels)
                .compatible()
                .commitEvery(1_000_000, Duration.ofHours(1))
                .persistTo(file)
                .open();
    }

    private static void run(S4Lru lru, JsonNode step) throws Exception {
        switch (step.get("op").asString()) {
            case "inc" -> lru.touch(step.get("key").asString(), step.get("size").asLong());
            case "boost" -> {
                long size = step.get("size").asLong();
                String key = step.get("key").asString();
                lru.touch(key, size, Promotion.SMALL_FIRST.levels(key, size));
            }
            case "flush" -> lru.flush();
            case "evict" -> {
                assertThat(lru.size() > lru.capacity())
                        .isEqualTo(step.get("check").asBoolean());
                List<String> evicted = lru.evict().stream().map(Evicted::key).toList();
                assertThat(JSON.valueToTree(evicted).equals(step.get("evicted")))
                        .as("%s at %s", evicted, step)
                        .isTrue();
            }
            default -> throw new IllegalArgumentException(step.toString());
        }
    }

    private static JsonNode state(S4Lru lru) {
        var state = JSON.createObjectNode();
        state.put("size", (int) lru.size()).put("count", lru.count());
        var levels = state.putArray("levels");
        for (LevelStats stats : lru.levels()) {
            var level = levels.addObject().put("size", (int) stats.size()).put("count", stats.count());
            var keys = level.putArray("keys");
            List<Entry> hottestFirst = new ArrayList<>(lru.entries().stream()
                    .filter(entry -> entry.level() == stats.level())
                    .toList());
            Collections.reverse(hottestFirst);
            hottestFirst.forEach(entry -> keys.addArray().add(entry.key()).add((int) entry.size()));
        }
        return state;
    }

    /** The file is locked while it is open, and its journal lies beside it. */
    private static Path copy(Path file, Path dir) throws IOException {
        Path copy = dir.resolve("copy.sqlite");
        Files.copy(file, copy);
        Path journal = Path.of(file + "-wal");
        if (Files.exists(journal)) {
            Files.copy(journal, Path.of(copy + "-wal"));
        }
        return copy;
    }

    private static JsonNode rows(Path file) throws SQLException {
        var rows = JSON.createArrayNode();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var result = statement.executeQuery("SELECT key, size, level, count FROM lru ORDER BY rowid")) {
            while (result.next()) {
                rows.addArray()
                        .add(result.getString(1))
                        .add(result.getInt(2))
                        .add(result.getInt(3))
                        .add(result.getInt(4));
            }
        }
        return rows;
    }

    private static void write(Path file, JsonNode rows) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE lru (key TEXT PRIMARY KEY, size INT, level INT, count INT)");
            try (var insert = connection.prepareStatement("INSERT INTO lru VALUES (?, ?, ?, ?)")) {
                for (JsonNode row : rows) {
                    insert.setString(1, row.get(0).asString());
                    for (int i = 1; i < 4; i++) {
                        insert.setLong(i + 1, row.get(i).asLong());
                    }
                    insert.executeUpdate();
                }
            }
        }
    }
}
