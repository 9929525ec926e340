package io.mutil.s4lru;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process at any moment, and looks at what it left. */
class CrashTest {
    private interface Round {
        void run(Path file, Random random) throws Exception;
    }

    @RepeatedTest(3)
    void whatWasCommittedIsThereInItsOrder(@TempDir Path dir) throws Exception {
        seeded(dir, CrashTest::stepwise);
    }

    @RepeatedTest(2)
    void whatWasFlushedIsThereWhileOthersCome(@TempDir Path dir) throws Exception {
        seeded(dir, CrashTest::busy);
    }

    @RepeatedTest(2)
    void whatWasCommittedIsThereWhileOthersGoAndReturn(@TempDir Path dir) throws Exception {
        seeded(dir, CrashTest::churn);
    }

    @RepeatedTest(100)
    @Tag("soak")
    void whatWasCommittedIsThereInItsOrderEachTime(@TempDir Path dir) throws Exception {
        seeded(dir, CrashTest::stepwise);
    }

    @RepeatedTest(50)
    @Tag("soak")
    void whatWasFlushedIsThereWhileOthersComeEachTime(@TempDir Path dir) throws Exception {
        seeded(dir, CrashTest::busy);
    }

    @RepeatedTest(50)
    @Tag("soak")
    void whatWasCommittedIsThereWhileOthersGoAndReturnEachTime(@TempDir Path dir) throws Exception {
        seeded(dir, CrashTest::churn);
    }

    private static void seeded(Path dir, Round round) throws Exception {
        long seed = new Random().nextLong();
        try {
            round.run(dir.resolve("state.sqlite"), new Random(seed));
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("with seed " + seed, e);
        }
    }

    private static void stepwise(Path file, Random random) throws Exception {
        long seed = random.nextLong();
        int acknowledged = lastNumber(runAndKill("stepwise", file, seed, random.nextInt(20)));
        assertThat(Databases.query(copyOf(file), "PRAGMA integrity_check")).containsExactly("ok");

        try (S4Lru lru = CrashChild.open(file);
                S4Lru model = S4Lru.builder(300).open()) {
            var same = new Random(seed);
            for (int commit = 0; commit < acknowledged; commit++) {
                CrashChild.steps(model, same);
            }
            List<Entry> acknowledgedState = model.entries();
            CrashChild.steps(model, same);
            // the kill may have come between a commit and its acknowledgement
            assertThat(lru.entries()).as("after commit %d", acknowledged).isIn(acknowledgedState, model.entries());
        }
    }

    /** Two lives of one state: the second begins with what a crash left. */
    private static void busy(Path file, Random random) throws Exception {
        for (int life = 0; life < 2; life++) {
            int acknowledged = lastNumber(runAndKill("busy", file, 0, random.nextInt(20)));
            Path copy = copyOf(file);
            try (S4Lru lru = S4Lru.open(copy, Long.MAX_VALUE)) {
                assertThat(IntStream.range(0, acknowledged).filter(i -> !lru.contains("key number " + i)))
                        .isEmpty();
                // keys are committed in the order in which they came: none is missing in between
                assertThat(lru.count() == 0 || lru.contains("key number " + (lru.count() - 1)))
                        .as("the last of %d", lru.count())
                        .isTrue();
                assertThat(lru.levels().stream().mapToLong(LevelStats::size).sum())
                        .isEqualTo(lru.count())
                        .isEqualTo(lru.size());
            }
            assertThat(Databases.query(copy, "PRAGMA integrity_check")).containsExactly("ok");
        }
    }

    /** Two lives as well; of each key the last that was acknowledged holds, unless it changed later. */
    private static void churn(Path file, Random random) throws Exception {
        Set<String> keys = new HashSet<>();
        for (int life = 0; life < 2; life++) {
            long seed = random.nextLong();
            List<String> said = runAndKill("churn", file, seed, random.nextInt(100));
            Path copy = copyOf(file);
            Set<String> left;
            try (S4Lru lru = S4Lru.open(copy, Long.MAX_VALUE)) {
                left = lru.entries().stream().map(Entry::key).collect(Collectors.toSet());
            }
            assertThat(Databases.query(copy, "PRAGMA integrity_check")).containsExactly("ok");
            assertHolds(keys, said, seed, left);
            keys = left;
        }
    }

    private static void assertHolds(Set<String> before, List<String> said, long seed, Set<String> left) {
        var evicted = new ArrayDeque<String>();
        said.stream().filter(line -> line.startsWith("e")).forEach(line -> evicted.add(line.substring(1)));
        var keys = new HashSet<>(before);
        var random = new Random(seed);
        String padding = CrashChild.Step.padding(seed);
        int acknowledged = lastNumber(said);
        for (int step = 0; step < acknowledged; step++) {
            apply(CrashChild.Step.next(random, padding), keys, evicted);
        }
        // Of what was not acknowledged, anything may have happened; of an eviction nothing may be known.
        var changed = new HashSet<>(evicted);
        for (int step = 0; step < CrashChild.AHEAD; step++) {
            changed.add(CrashChild.Step.next(random, padding).key());
        }
        var lost = new HashSet<>(keys);
        lost.removeAll(left);
        lost.removeAll(changed);
        assertThat(lost).as("lost after step %d", acknowledged).hasSizeLessThanOrEqualTo(1);
        var back = new HashSet<>(left);
        back.removeAll(keys);
        back.removeAll(changed);
        assertThat(back).as("gone and there again after step %d", acknowledged).isEmpty();
    }

    private static void apply(CrashChild.Step step, Set<String> keys, ArrayDeque<String> evicted) {
        switch (step.kind()) {
            case 't' -> keys.add(step.key());
            case 'r' -> keys.remove(step.key());
            default -> {
                if (keys.size() > 1) {
                    assertThat(keys.remove(evicted.remove())).isTrue();
                }
            }
        }
    }

    /** Looking with another connection would take the log apart. */
    private static Path copyOf(Path file) throws IOException {
        Path copy = file.resolveSibling("copy.sqlite");
        Files.deleteIfExists(Path.of(copy + "-wal"));
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        Path log = Path.of(file + "-wal");
        if (Files.exists(log)) {
            Files.copy(log, Path.of(copy + "-wal"));
        }
        return copy;
    }

    private static int lastNumber(List<String> said) {
        String last = said.stream()
                .filter(line -> !line.startsWith("e"))
                .reduce((one, next) -> next)
                .orElseThrow();
        return Integer.parseInt(last);
    }

    /** Kills it after an acknowledgement and as many more; gives all that it said. */
    private static List<String> runAndKill(String what, Path file, long seed, int more) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CrashChild.class.getName(),
                what,
                file.toString(),
                Long.toString(seed)));
        if (Runtime.version().feature() > 17) {
            command.add(1, "--enable-native-access=ALL-UNNAMED");
        }
        Process child = new ProcessBuilder(command)
                .redirectError(Redirect.to(new File(file + ".err")))
                .start();
        try (var output = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8))) {
            var said = new ArrayList<String>();
            for (int left = more; left >= 0; left -= said.get(said.size() - 1).startsWith("e") ? 0 : 1) {
                said.add(Objects.requireNonNull(
                        output.readLine(),
                        () -> "the child ended after " + said.size() + " lines, see " + file + ".err"));
            }
            // unlike that of the process, its handle leaves what was said before to be read
            child.toHandle().destroyForcibly();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                said.add(line);
            }
            return said;
        } finally {
            child.destroyForcibly().waitFor();
        }
    }
}
