package io.mutil.timer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
    private static final String TERMINAL = """
            import os, pty, sys
            sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
            """;
    private static final String ERASED = "\r\u001b[K";

    private final Path folder;

    ProcessTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private List<String> onClassPath() throws IOException {
        String path = BUILT.resolve("classes") + File.pathSeparator + BUILT.resolve("test-classes");
        return List.of(JAVA, "-Duser.language=en", "-Xshare:auto", "-cp", path, PROGRAM, file());
    }

    private List<String> asModule(String... options) throws IOException {
        var command = new ArrayList<>(List.of(JAVA, "-Duser.language=en"));
        command.addAll(Arrays.asList(options));
        command.addAll(List.of(
                "-p",
                BUILT.resolve("classes").toString(),
                "--patch-module",
                "io.mutil.timer=" + BUILT.resolve("test-classes"),
                "-m",
                "io.mutil.timer/" + PROGRAM,
                file()));
        return command;
    }

    /** A hundred chunks. */
    private String file() throws IOException {
        return Files.write(folder.resolve("file"), new byte[100 * 1_024]).toString();
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
        var command = new ArrayList<>(List.of("python3", "-c", TERMINAL));
        command.addAll(onClassPath());
        return run(command, variables);
    }

    @Test
    void aTerminalHasALineThatIsWrittenOverAndErased() throws Exception {
        String text = runOnTerminal(Map.of());

        assertThat(text).contains("\r\u001b[36mload  50% [==========          ]\u001b[0m  50.0 KiB  ");
        // the clock goes on with each reading, and so each line has its own
        assertThat(text.split("KiB/s", -1)).hasSizeBetween(6, 15);
        int erased = text.lastIndexOf(ERASED);
        assertThat(text.substring(erased + ERASED.length()))
                .doesNotContain("\u001b")
                .containsSubsequence("INFO: load/inside: ", "INFO: load: 100 KiB in ");
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
                        "INFO: load: 50.0 KiB of 100 KiB (50%)",
                        "INFO: load: 100 KiB of 100 KiB (100%)",
                        "result",
                        "INFO: load/inside: ",
                        "INFO: load: 100 KiB in ");
        assertTellsTheCaller(text);
    }

    @Test
    void asAModuleRecordsTellTheCallerToo() throws Exception {
        String text = run(asModule(), Map.of());

        assertTellsTheCaller(text);
    }

    private static void assertTellsTheCaller(String text) {
        assertThat(text.lines().filter(line -> line.contains(" " + PROGRAM + " ")))
                .extracting(line -> line.substring(line.lastIndexOf(' ') + 1))
                .containsExactly("main", "main", "read", "main");
    }

    @Test
    void worksWithoutTheLoggingModule() throws Exception {
        String text = run(asModule("--limit-modules", "io.mutil.timer"), Map.of());

        assertThat(text).containsSubsequence("load: 50.0 KiB of 100 KiB (50%)", "load: 100 KiB in ");
    }
}
