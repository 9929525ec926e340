package io.mutil.s4lru;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folds step by step: what others do meanwhile, between transactions or whenever the lock is free, is up to the test. */
class FoldTest {
    private final Path path;
    private final MeddledLock lock = new MeddledLock();
    private final Entries entries = new Entries(new SplittableRandom(1), 1);
    private final Levels levels = new Levels(entries, 1);
    private final LogRecorder recorder = new LogRecorder(entries, lock);

    // what a crash may have taken back, or not
    private Set<String> written = new HashSet<>();
    private Set<String> changed = new HashSet<>();

    FoldTest(@TempDir Path dir) {
        path = dir.resolve("state.sqlite");
    }

    /** Others come in whenever the thread under test asks for the lock. */
    private static final class MeddledLock extends ReentrantLock {
        private static final long serialVersionUID = 1;

        private transient Runnable others = () -> {};

        @Override
        public void lock() {
            others.run();
            super.lock();
        }
    }

    private void add(String key) {
        int slot = entries.add(key, 1, 0);
        recorder.inserted(slot, 0);
        levels.pushHead(slot, 0);
        changed.add(key);
    }

    private void hit(String key) {
        int slot = entries.find(key);
        recorder.hit(slot);
        recorder.moved(slot);
        levels.refresh(slot);
    }

    private void remove(String key) {
        int slot = entries.find(key);
        levels.unlink(slot);
        recorder.removed(slot);
        entries.remove(slot);
        changed.add(key);
    }

    private void change(Random random) {
        String key = "k" + random.nextInt(4_000);
        if (entries.find(key) == Entries.NONE) {
            add(key);
        } else if (random.nextInt(3) == 0) {
            remove(key);
        } else {
            hit(key);
        }
    }

    private List<String> order() {
        return IntStream.iterate(levels.tail(0), slot -> slot != 0, entries::previous)
                .mapToObj(entries::key)
                .toList();
    }

    private void write(StateFile file) throws SQLException {
        var before = new HashSet<>(order());
        changed = new HashSet<>();
        recorder.write(file);
        written = before;
    }

    private interface Between {
        void run() throws Exception;
    }

    /** Each transaction as short as can be. */
    private static Recorder.Breath breath(Between between) {
        return new Recorder.Breath() {
            @Override
            public boolean isDue() {
                return true;
            }

            @Override
            public void take() throws SQLException {
                try {
                    between.run();
                } catch (SQLException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        };
    }

    /** What a crash would leave now, in its order. */
    private List<String> left() throws Exception {
        Path copy = path.resolveSibling("copy.sqlite");
        Files.deleteIfExists(copy);
        Files.copy(path, copy);
        Files.copy(Path.of(path + "-wal"), Path.of(copy + "-wal"));
        try (S4Lru lru = S4Lru.builder(Long.MAX_VALUE)
                .persistTo(copy)
                .levels(1)
                .commitEvery(1_000_000, Duration.ofHours(1))
                .open()) {
            return lru.entries().stream().map(Entry::key).toList();
        }
    }

    private void assertNothingLost() throws Exception {
        var left = new HashSet<>(left());
        var lost = new HashSet<>(written);
        lost.removeAll(left);
        lost.removeAll(changed);
        assertThat(lost).as("written and lost").isEmpty();
        left.removeAll(written);
        left.removeAll(changed);
        assertThat(left).as("gone and there again").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aKeyMayGoAndReturnMeanwhile(boolean anew) throws Exception {
        try (StateFile file = StateFile.open(path)) {
            IntStream.range(0, 5_000).forEach(i -> add("k" + i));
            recorder.fold(file, Recorder.Breath.NONE, true);
            IntStream.range(0, 5_000).forEach(i -> hit("k" + i));

            // k0 returns in the slot of the last, which the fold has not reached
            recorder.fold(
                    file,
                    breath(() -> {
                        remove("k4999");
                        remove("k0");
                        add("k4999");
                        add("k0");
                        recorder.write(file);
                        hit("k4999");
                    }),
                    anew);
            recorder.write(file);

            assertThat(left()).isEqualTo(order());
            recorder.fold(file, Recorder.Breath.NONE, anew);
            assertThat(left()).isEqualTo(order()).hasSize(5_000);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void aCrashTakesNoKeyThatWentAndReturned(int lockings) throws Exception {
        try (StateFile file = StateFile.open(path)) {
            IntStream.range(0, 3_000).forEach(i -> add("k" + i));
            write(file);
            int[] left = {lockings};
            lock.others = () -> {
                if (--left[0] == 0) {
                    remove("k2999");
                    add("k2999");
                }
            };
            recorder.fold(
                    file,
                    breath(() -> {
                        recorder.write(file);
                        assertThat(left()).contains("k2999");
                    }),
                    true);
            assertThat(left()).contains("k2999");
        }
    }

    /** One thread, and nothing in between: also the order is known. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aCrashLeavesTheOrderThatWasWritten(long seed) throws Exception {
        var random = new Random(seed);
        try (StateFile file = StateFile.open(path)) {
            IntStream.range(0, 6_000).forEach(i -> change(random));
            for (int round = 0; round < 4; round++) {
                recorder.fold(
                        file,
                        breath(() -> {
                            IntStream.range(0, 500).forEach(i -> change(random));
                            recorder.write(file);
                            assertThat(left()).isEqualTo(order());
                            IntStream.range(0, 500).forEach(i -> change(random));
                        }),
                        random.nextBoolean());
                recorder.write(file);
                assertThat(left()).isEqualTo(order());
            }
        }
    }

    /** Each seed is another run of many threads. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 10", "3, 100", "4, 1000", "5, 100", "6, 1000"})
    void whatIsWrittenSurvivesWhateverOthersDo(long seed, int changes) throws Exception {
        var random = new Random(seed);
        try (StateFile file = StateFile.open(path)) {
            IntStream.range(0, 6_000).forEach(i -> change(random));
            lock.others = () -> IntStream.range(0, random.nextInt(changes)).forEach(i -> change(random));
            for (int round = 0; round < 3; round++) {
                recorder.fold(
                        file,
                        breath(() -> {
                            assertNothingLost();
                            write(file);
                        }),
                        random.nextBoolean());
                assertNothingLost();
            }
        }
    }

    @Test
    void keysThatComeAndGoUnwrittenTakeNoRoom() throws Exception {
        try (StateFile file = StateFile.open(path)) {
            add("stays");
            for (int i = 0; i < 100_000; i++) {
                add("goes");
                remove("goes");
            }
            assertThat(recorder.noted()).isLessThan(3_000);
            recorder.write(file);
            assertThat(left()).containsExactly("stays");
        }
    }

    @Test
    void aCrashBeforeTheFirstFoldEndsLeavesTheOrderOfTheTable() throws Exception {
        Databases.execute(
                path,
                "CREATE TABLE lru (key TEXT PRIMARY KEY, size INT, level INT, count INT)",
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4999)"
                        + " INSERT INTO lru SELECT 'k' || i, 1, 0, 10000 - i FROM n");
        try (StateFile file = StateFile.open(path)) {
            new LogLoader(entries, levels, recorder, file).load();
            Between crash = () -> assertThat(left()).isEqualTo(order());
            lock.others = () -> {
                try {
                    crash.run();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            };
            recorder.fold(file, breath(crash), true);
            crash.run();
            assertThat(order()).hasSize(5_000).startsWith("k4999", "k4998");
        }
    }
}
