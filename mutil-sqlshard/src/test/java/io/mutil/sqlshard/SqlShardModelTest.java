package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** A store against a map of the JDK, whatever is done to both. */
class SqlShardModelTest {
    enum Verb {
        PUT,
        PUT_ASYNC,
        PUT_ALL,
        PUT_IF_ABSENT,
        REMOVE,
        COMPUTE,
        EXCHANGE,
        MOVE,
        CLEAR,
        FLUSH,
        REOPEN
    }

    record Step(Verb verb, ShardKey key, ShardKey other, String value) {}

    private static final List<Verb> CHANGES = List.of(
            Verb.PUT,
            Verb.PUT_ASYNC,
            Verb.PUT_ALL,
            Verb.PUT_IF_ABSENT,
            Verb.REMOVE,
            Verb.COMPUTE,
            Verb.EXCHANGE,
            Verb.MOVE);

    @Provide
    Arbitrary<List<Step>> steps() {
        // most steps change something, few change everything
        Arbitrary<Verb> verbs = Arbitraries.oneOf(
                Arbitraries.of(CHANGES), Arbitraries.of(CHANGES), Arbitraries.of(CHANGES), Arbitraries.of(Verb.class));
        return Combinators.combine(verbs, keys(), keys(), Arbitraries.strings().ofMaxLength(20))
                .as(Step::new)
                .list()
                .ofMaxSize(40);
    }

    /** Few, so that they meet. */
    private static Arbitrary<ShardKey> keys() {
        Arbitrary<Object> parts = Arbitraries.of(1L, 1.0, 2L, 2.5, -0.0, 0L, "", "a", "\uFFFD", "\uD83D\uDE00", "1")
                .map(part -> (Object) part);
        return Combinators.combine(parts, parts).as((a, b) -> ShardKey.of(a, b));
    }

    @Provide
    Arbitrary<Durability> durabilities() {
        return Arbitraries.of(
                Durability.group(), Durability.behind(Duration.ofMillis(1)), Durability.behind(Duration.ofHours(1)));
    }

    @Property(tries = 60)
    void doesWhatAMapDoes(
            @ForAll("steps") List<Step> steps,
            @ForAll("durabilities") Durability durability,
            @ForAll @IntRange(min = 1, max = 3) int shards)
            throws Exception {
        Path dir = Files.createTempDirectory("sqlshard-model");
        try {
            run(dir, durability, shards, steps);
        } finally {
            delete(dir);
        }
    }

    private static void run(Path dir, Durability durability, int shards, List<Step> steps) throws Exception {
        Map<ShardKey, String> model = new TreeMap<>();
        SqlShard<String> store = open(dir, durability, shards);
        try {
            for (Step step : steps) {
                if (step.verb() == Verb.REOPEN) {
                    store.close();
                    store = open(dir, durability, shards);
                } else {
                    run(step, store, model);
                }
                assertThat(store.get(step.key())).isEqualTo(Optional.ofNullable(model.get(step.key())));
            }
            assertThat(store.size()).isEqualTo(model.size());
            assertThat(store.asMap()).isEqualTo(model);
        } finally {
            store.close();
        }
    }

    private static SqlShard<String> open(Path dir, Durability durability, int shards) throws IOException {
        return SqlShard.builder(dir, ValueCodec.json(String.class))
                .shards(shards)
                .keyLength(2)
                .durability(durability)
                .open();
    }

    private static void run(Step step, SqlShard<String> store, Map<ShardKey, String> model) throws Exception {
        ShardKey key = step.key();
        String value = step.value();
        String before = model.get(key);
        switch (step.verb()) {
            case PUT -> {
                store.put(key, value);
                model.put(key, value);
            }
            case PUT_ASYNC -> {
                var done = store.putAsync(key, value);
                store.flush();
                done.get();
                model.put(key, value);
            }
            case PUT_ALL -> {
                var rows = Map.of(key, value, ShardKey.of("more", 1), value);
                store.putAll(rows);
                model.putAll(rows);
            }
            case PUT_IF_ABSENT -> {
                assertThat(store.putIfAbsent(key, value)).isEqualTo(Optional.ofNullable(before));
                model.putIfAbsent(key, value);
            }
            case REMOVE -> assertThat(store.remove(key)).isEqualTo(model.remove(key) != null);
            case COMPUTE -> {
                store.compute(key, old -> old.map(text -> text + "+").or(() -> Optional.of(value)));
                model.merge(key, value, (old, ignored) -> old + "+");
            }
            case EXCHANGE -> {
                assertThat(store.asMap().put(key, value)).isEqualTo(before);
                model.put(key, value);
            }
            case MOVE -> move(step, store, model);
            case CLEAR -> {
                store.clear();
                model.clear();
            }
            default -> store.flush();
        }
    }

    private static void move(Step step, SqlShard<String> store, Map<ShardKey, String> model) throws Exception {
        if (store.shardOf(step.key()) != store.shardOf(step.other())) {
            return;
        }
        store.transaction(step.key(), rows -> {
            Optional<String> value = rows.get(step.key());
            rows.remove(step.key());
            value.ifPresent(moved -> rows.put(step.other(), moved));
            return value;
        });
        String value = model.remove(step.key());
        if (value != null) {
            model.put(step.other(), value);
        }
    }

    private static void delete(Path dir) throws IOException {
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
