package io.mutil.timer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a process of its own: with a terminal and without, with {@code java.util.logging} and without. */
class ProcessTest {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final Path BUILT = Path.of(System.getProperty("mutil.build.directory", "target"));
    private static final String PROGRAM = TerminalProgram.class.getName();
    private static final String ERASED = "\r\u001b[K";

    private final Path folder;

    ProcessTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static List<String> onClassPath() {
        String path = BUILT.resolve("classes") + File.pathSeparator + BUILT.resolve("test-classes");
        return List.of(JAVA, "-Duser.language=en", "-Xshare:auto", "-cp", path, PROGRAM);
    }

    private static List<String> asModule(String... options) {
        var command = new ArrayList<>(List.of(JAVA, "-Duser.language=en"));
        command.addAll(Arrays.asList(options));
        command.addAll(List.of(
                "-p",
                BUILT.resolve("classes").toString(),
                "--patch-module",
                "io.mutil.timer=" + BUILT.resolve("test-classes"),
                "-m",
                "io.mutil.timer/" + PROGRAM));
        return command;
    }

    /** All that a process writes to its output and its errors. */
    private String run(List<String> command, Map<String, String> variables) throws Exception {
        Path output = folder.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment()
                .keySet()
                .removeAll(List.of("NO_COLOR", "COLUMNS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
        builder.environment().put("TERM", "xterm");
        builder.environment().putAll(variables);
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

    private String runOnTerminal(Map<String, String> variables) throws Exception {
        assumeTrue(hasScript(), "skipped: no util-linux here, whose script makes a terminal");
        String command = onClassPath().stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .reduce((a, b) -> a + " " + b)
                .orElseThrow();
        return run(List.of("script", "-qec", command, "/dev/null"), variables);
    }

    private static boolean hasScript() throws InterruptedException {
        try {
            Process version = new ProcessBuilder("script", "--version").start();
            String text = new String(version.getInputStream().readAllBytes(), UTF_8);
            return version.waitFor() == 0 && text.contains("util-linux");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aTerminalHasALineThatIsWrittenOverAndErased() throws Exception {
        String text = runOnTerminal(Map.of());

        assertThat(text).contains("\r\u001b[36mload  50% [==========          ]\u001b[0m  50 rows  ");
        // the clock goes on with each reading, and so each line has its own
        assertThat(text.split("rows/s", -1)).hasSizeBetween(6, 15);
        int erased = text.lastIndexOf(ERASED);
        assertThat(text.substring(erased + ERASED.length()))
                .doesNotContain("\u001b")
                .containsSubsequence("INFO: load/inside: ", "INFO: load: 100 rows in ");
    }

    @Test
    void noColoursWhereNoneAreWanted() throws Exception {
        String text = runOnTerminal(Map.of("NO_COLOR", "1", "COLUMNS", "30"));

        assertThat(text).containsPattern("\rload  \\d\\d% \\[=* *]? *\\d?\u001b\\[K");
        assertThat(text.replace("\u001b[K", "")).doesNotContain("\u001b");
    }

    @Test
    void elsewhereThereAreReportsAndNoControlCharacters() throws Exception {
        String text = run(onClassPath(), Map.of());

        assertThat(text.replace(System.lineSeparator(), "")).matches("\\P{Cntrl}*");
        assertThat(text)
                .containsSubsequence(
                        "INFO: load: 50 of 100 rows (50%)",
                        "INFO: load: 100 of 100 rows (100%)",
                        "result",
                        "INFO: load/inside: ",
                        "INFO: load: 100 rows in ");
        assertThat(text.lines().filter(line -> line.endsWith(" " + PROGRAM + " main")))
                .hasSize(4);
    }

    @Test
    void asAModuleRecordsTellTheCallerToo() throws Exception {
        String text = run(asModule(), Map.of());

        assertThat(text.lines().filter(line -> line.endsWith(" " + PROGRAM + " main")))
                .hasSize(4);
    }

    @Test
    void worksWithoutTheLoggingModule() throws Exception {
        String text = run(asModule("--limit-modules", "io.mutil.timer"), Map.of());

        assertThat(text).containsSubsequence("load: 50 of 100 rows (50%)", "load: 100 rows in ");
    }
}
