package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mutil.testkit.LogLines;
import io.mutil.timer.Timer;
import io.mutil.timer.Timings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineCountTest {
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final String TERMINAL = """
            import os, pty, sys, threading

            shown = threading.Event()

            def feed(pipe):
                with open(pipe, "wb", buffering=0) as lines:
                    while not shown.wait(0.01):
                        lines.write(b"a line\\n")

            def read(terminal):
                data = os.read(terminal, 1024)
                if b"count lines" in data:
                    shown.set()
                return data

            os.mkfifo(sys.argv[1])
            threading.Thread(target=feed, args=(sys.argv[1],), daemon=True).start()
            sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[2:], read)))
            """;
    private static final String ERASED = "\r\u001b[K";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
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
            assertThat(run(file)).isZero();

            assertThat(printed(out)).isEqualTo("2 lines");
            assertThat(printed(errors)).isEmpty();
            assertThat(log.at(Level.INFO)).hasSize(1);
        }
    }

    @Test
    void withoutFilesItsUsageIsAnError() {
        assertThat(run()).isEqualTo(2);

        assertThat(printed(out)).isEmpty();
        assertThat(printed(errors)).isEqualTo("usage: LineCount FILE...");
    }

    @Test
    void aFileThatCannotBeReadIsAnErrorWithItsName() throws Exception {
        Path missing = folder.resolve("missing");
        try (LogLines log = LogLines.of(LineCount.class, Level.INFO)) {
            assertThat(run(missing)).isOne();

            assertThat(log.at(Level.INFO)).hasSize(1);
        }
        assertThat(printed(out)).isEmpty();
        assertThat(printed(errors))
                .isEqualTo("LineCount: cannot read all files: java.nio.file.NoSuchFileException: " + missing);
    }

    private int run(Path... files) {
        return LineCount.run(List.of(files), new PrintStream(out, true, UTF_8), new PrintStream(errors, true, UTF_8));
    }

    private static String printed(ByteArrayOutputStream stream) {
        return stream.toString(UTF_8).strip();
    }

    @Test
    void showsHowFarItIsOnATerminal() throws Exception {
        assumeTrue(Files.isExecutable(PYTHON), "skipped: no python3, which makes the terminal");
        Path file = Files.writeString(folder.resolve("file"), "a line\n".repeat(1_000));
        String text = onTerminal(file, folder.resolve("pipe"));

        int erased = text.lastIndexOf(ERASED);
        assertThat(text.substring(0, erased)).containsPattern("\rcount lines  \\d+% \\[=+ *]  .* KiB/s  ");
        assertThat(text.substring(erased + ERASED.length()))
                .doesNotContain("\u001b")
                .containsSubsequence("INFO: count lines: ", " KiB/s", " lines");
    }

    /** What it writes to a terminal while it counts a file, and a pipe that has an end once progress was shown. */
    private String onTerminal(Path file, Path pipe) throws Exception {
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(
                        PYTHON.toString(),
                        "-c",
                        TERMINAL,
                        pipe.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Duser.language=en",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LineCount.class.getName(),
                        file.toString(),
                        pipe.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeAll(List.of("COLUMNS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(Map.of("TERM", "xterm", "NO_COLOR", "1"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(output, UTF_8);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }
}
