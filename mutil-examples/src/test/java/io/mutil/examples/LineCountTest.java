package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.LogLines;
import io.mutil.timer.Timer;
import io.mutil.timer.Timings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineCountTest {
    private final Path folder;

    LineCountTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void countsTheLinesOfAllFiles() throws Exception {
        Path large = Files.writeString(folder.resolve("large"), "a line\n".repeat(100_000));
        Path small = Files.writeString(folder.resolve("small"), "1\n2\n3, without an end");
        Path empty = Files.createFile(folder.resolve("empty"));
        Timings timings = Timings.create();
        try (LogLines log = LogLines.of(LineCountTest.class, Level.INFO)) {
            long lines = LineCount.count(
                    List.of(large, small, empty),
                    Timer.named("count").every(500_000).into(timings));

            assertThat(lines).isEqualTo(100_002);
            assertThat(log.at(Level.INFO)).hasSize(2);
            assertThat(log.at(Level.INFO).get(0)).startsWith("count: ").contains(" of 684 KiB (");
            assertThat(log.at(Level.INFO).get(1)).startsWith("count: 684 KiB in ");
        }
        assertThat(timings.stats().get(0).count()).isOne();
    }

    @Test
    void tellsThatAFileIsMissing() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "1\n");
        Path missing = folder.resolve("missing");
        try (LogLines log = LogLines.of(LineCountTest.class, Level.INFO)) {
            assertThatThrownBy(() -> LineCount.count(List.of(file, missing), Timer.named("count")))
                    .isInstanceOf(NoSuchFileException.class);

            assertThat(log.at(Level.INFO)).hasSize(1);
            assertThat(log.at(Level.INFO).get(0))
                    .startsWith("count: failed after ")
                    .endsWith(" with java.nio.file.NoSuchFileException, 2 B of 2 B");
        }
    }

    @Test
    void printsTheNumber() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "a\nb\n");
        try (LogLines log = LogLines.of(LineCount.class, Level.INFO)) {
            assertThat(printed(file.toString())).isEqualTo("2 lines");
            assertThat(log.at(Level.INFO)).hasSize(1);
        }
    }

    @Test
    void printsItsUsageWithoutFiles() throws Exception {
        assertThat(printed()).isEqualTo("usage: LineCount FILE...");
    }

    private static String printed(String... args) throws IOException {
        PrintStream terminal = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            LineCount.main(args);
        } finally {
            System.setOut(terminal);
        }
        return printed.toString(UTF_8).strip();
    }
}
