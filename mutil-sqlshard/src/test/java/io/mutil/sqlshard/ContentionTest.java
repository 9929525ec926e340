package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Background;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentionTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 100;
    private static final int MOST_TIMES = 50;
    private static final int READY = 'r';
    private static final ShardKey COUNTER = ShardKey.of("counter", 0L, "x");
    private static final ShardKey FROM = ShardKey.of("account", 1L, "x");
    private static final ShardKey TO = ShardKey.of("account", 2L, "x");

    private static SqlShard<Integer> open(Path dir) throws Exception {
        return SqlShard.builder(dir, ValueCodec.json(Integer.class)).shards(2).open();
    }

    private static void together(Background.Action action) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            all.add(Background.run(action));
        }
        all.forEach(CompletableFuture::join);
    }

    /** Also what the other process does. */
    static void count(SqlShard<Integer> store) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            store.compute(COUNTER, old -> Optional.of(old.orElse(0) + 1));
            store.transaction(FROM, rows -> {
                rows.put(FROM, rows.get(FROM).orElse(0) - 1);
                rows.put(TO, rows.get(TO).orElse(0) + 1);
                return true;
            });
        }
    }

    @Test
    void losesNoComputationOfAnyThread(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            together(() -> count(store));

            assertThat(store.get(COUNTER)).contains(THREADS * ROUNDS);
            assertThat(store.get(FROM)).contains(-THREADS * ROUNDS);
            assertThat(store.get(TO)).contains(THREADS * ROUNDS);
        }
    }

    @Test
    void letsOneOfManyPutIfAbsent(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            var won = new AtomicInteger();
            together(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    if (store.putIfAbsent(ShardKey.of("k", i, "x"), i).isEmpty()) {
                        won.incrementAndGet();
                    }
                }
            });

            assertThat(won).hasValue(ROUNDS);
            assertThat(store.size()).isEqualTo(ROUNDS);
        }
    }

    @Test
    void losesNoComputationOfAnotherProcess(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            Path errors = dir.resolve("errors.txt");
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            OtherProcess.class.getName(),
                            dir.toString())
                    .redirectError(errors.toFile())
                    .start();
            assertThat(other.getInputStream().read()).isEqualTo(READY);
            int times = countWith(other, store);
            other.getOutputStream().close();
            assertThat(other.waitFor()).as(Files.readString(errors)).isZero();

            assertThat(store.stats().total(ShardStats::conflicts)).isPositive();
            assertThat(store.get(COUNTER)).contains(2 * times * ROUNDS);
            assertThat(store.get(FROM)).contains(-2 * times * ROUNDS);
            assertThat(store.get(TO)).contains(2 * times * ROUNDS);
        }
    }

    /** How often both have counted until one has come between the other's reading and writing. */
    private static int countWith(Process other, SqlShard<Integer> store) throws Exception {
        int times = 0;
        while (times < MOST_TIMES && store.stats().total(ShardStats::conflicts) == 0) {
            other.getOutputStream().write('c');
            other.getOutputStream().flush();
            count(store);
            assertThat(other.getInputStream().read()).isEqualTo(READY);
            times++;
        }
        return times;
    }

    /** Says that it is ready, and counts each time that it is told to. */
    static final class OtherProcess {
        private OtherProcess() {}

        public static void main(String[] args) throws Exception {
            try (var store = open(Path.of(args[0]))) {
                ready();
                while (System.in.read() != -1) {
                    count(store);
                    ready();
                }
            }
        }

        private static void ready() {
            System.out.write(READY);
            System.out.flush();
        }
    }

    @Test
    void readsAndWritesFromManyThreads(@TempDir Path dir) throws Exception {
        try (var store = open(dir)) {
            together(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    ShardKey key = ShardKey.of(Thread.currentThread().getName(), i, "x");
                    store.put(key, i);
                    assertThat(store.get(key)).contains(i);
                }
            });

            assertThat(store.size()).isEqualTo(THREADS * ROUNDS);
        }
    }
}
