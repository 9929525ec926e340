package io.mutil.sqlshard;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("soak")
@Timeout(600)
@EnabledForJreRange(max = JRE.JAVA_21, disabledReason = "Lincheck is known to miss races on newer ones")
class LincheckTest {
    private static final int NONE = -1;

    /** Two keys, so that threads meet; each instance has others, as a store for each would take too long to open. */
    @Param(name = "key", gen = IntGen.class, conf = "0:1")
    @Param(name = "value", gen = IntGen.class, conf = "0:9")
    public static class Linearizable {
        private static final AtomicLong INSTANCES = new AtomicLong();
        private static @Nullable SqlShard<Integer> opened;

        private final SqlShard<Integer> store = requireNonNull(opened);
        private final long instance = INSTANCES.getAndIncrement();

        private ShardKey key(int key) {
            return ShardKey.of(instance, key, "x");
        }

        @Operation
        public int get(@Param(name = "key") int key) throws Exception {
            return store.get(key(key)).orElse(NONE);
        }

        @Operation
        public void put(@Param(name = "key") int key, @Param(name = "value") int value) throws Exception {
            store.put(key(key), value);
        }

        @Operation
        public int putIfAbsent(@Param(name = "key") int key, @Param(name = "value") int value) throws Exception {
            return store.putIfAbsent(key(key), value).orElse(NONE);
        }

        @Operation
        public boolean remove(@Param(name = "key") int key) throws Exception {
            return store.remove(key(key));
        }

        @Operation
        public int increment(@Param(name = "key") int key) throws Exception {
            return store.compute(key(key), old -> Optional.of(old.orElse(0) + 1))
                    .orElse(NONE);
        }
    }

    /** The same in one thread. */
    public static class Model {
        private final Map<Integer, Integer> rows = new HashMap<>();

        public int get(int key) {
            return rows.getOrDefault(key, NONE);
        }

        public void put(int key, int value) {
            rows.put(key, value);
        }

        public int putIfAbsent(int key, int value) {
            Integer old = rows.putIfAbsent(key, value);
            return old == null ? NONE : old;
        }

        public boolean remove(int key) {
            return rows.remove(key) != null;
        }

        public int increment(int key) {
            return rows.merge(key, 1, Integer::sum);
        }
    }

    @ParameterizedTest
    @CsvSource({"group, 10000", "behind, 10000", "behind, 1"})
    void everyOperationIsLinearizable(String durability, int queueLimit, @TempDir Path dir) throws Exception {
        try (var store = SqlShard.builder(dir, ValueCodec.json(Integer.class))
                .shards(1)
                .queueLimit(queueLimit)
                .durability(durability.equals("group") ? Durability.group() : Durability.behind(Duration.ofMillis(1)))
                .open()) {
            Linearizable.opened = store;
            new StressOptions()
                    .iterations(15)
                    .invocationsPerIteration(100)
                    .threads(3)
                    .actorsPerThread(3)
                    .sequentialSpecification(Model.class)
                    .check(Linearizable.class);
        }
    }
}
