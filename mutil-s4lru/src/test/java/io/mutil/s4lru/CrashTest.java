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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process at any moment, and looks at what it left. */
class CrashTest {
    @RepeatedTest(3)
    void whatWasCommittedIsThereInItsOrder(@TempDir Path dir) throws Exception {
        stepwise(dir.resolve("state.sqlite"), new Random());
    }

    @RepeatedTest(2)
    void whatWasFlushedIsThereWhileOthersCome(@TempDir Path dir) throws Exception {
        busy(dir.resolve("state.sqlite"), new Random());
    }

    @RepeatedTest(100)
    @Tag("soak")
    void whatWasCommittedIsThereInItsOrderEachTime(@TempDir Path dir) throws Exception {
        stepwise(dir.resolve("state.sqlite"), new Random());
    }

    @RepeatedTest(100)
    @Tag("soak")
    void whatWasFlushedIsThereWhileOthersComeEachTime(@TempDir Path dir) throws Exception {
        busy(dir.resolve("state.sqlite"), new Random());
    }

    private static void stepwise(Path file, Random random) throws Exception {
        long seed = random.nextLong();
        int acknowledged = runAndKill(file, seed, false, random);
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
            assertThat(lru.entries())
                    .as("seed %d, after commit %d", seed, acknowledged)
                    .isIn(acknowledgedState, model.entries());
        }
    }

    private static void busy(Path file, Random random) throws Exception {
        int acknowledged = runAndKill(file, 0, true, random);
        assertThat(Databases.query(copyOf(file), "PRAGMA integrity_check")).containsExactly("ok");
        try (S4Lru lru = S4Lru.open(file, Long.MAX_VALUE)) {
            for (int i = 0; i < acknowledged; i++) {
                assertThat(lru.contains("key number " + i)).isTrue();
            }
            assertThat(lru.levels().stream().mapToLong(LevelStats::size).sum())
                    .isEqualTo(lru.count())
                    .isEqualTo(lru.size());
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

    /** Kills it somewhere after a few acknowledgements; gives the last one that it had said. */
    private static int runAndKill(Path file, long seed, boolean busy, Random random) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CrashChild.class.getName(),
                file.toString(),
                Long.toString(seed),
                Boolean.toString(busy)));
        if (Runtime.version().feature() > 17) {
            command.add(1, "--enable-native-access=ALL-UNNAMED");
        }
        Process child = new ProcessBuilder(command)
                .redirectError(Redirect.to(new File(file + ".err")))
                .start();
        try (var output = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8))) {
            String last =
                    Objects.requireNonNull(output.readLine(), () -> "the child said nothing, see " + file + ".err");
            for (int more = random.nextInt(20); more > 0; more--) {
                last = Objects.requireNonNull(output.readLine());
            }
            for (int spin = random.nextInt(1_000_000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            // unlike that of the process, its handle leaves what was said before to be read
            child.toHandle().destroyForcibly();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                last = line;
            }
            return Integer.parseInt(last);
        } finally {
            child.destroyForcibly().waitFor();
        }
    }
}
