package io.mutil.loop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real signals, to JVMs of their own. */
class SafeLoopSignalsTest {
    /** Runs a program on a terminal, presses Ctrl-C when it is ready, and prints its exit code. */
    private static final String TERMINAL = """
            import os, pty, sys
            child, terminal = pty.fork()
            if child == 0:
                os.execv(sys.argv[1], sys.argv[1:])
            seen, pressed = b'', False
            while True:
                try:
                    more = os.read(terminal, 4096)
                except OSError:
                    break
                if not more:
                    break
                seen += more
                if b'ready' in seen and not pressed:
                    pressed = True
                    os.write(terminal, b'\\x03')
            print(seen.decode())
            print('exit', os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            """;

    private final Path folder;

    SafeLoopSignalsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** Who was started in the background by a plain shell ignores SIGINT, and so do its children. */
    private static void assumeHeard(String name) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (Files.exists(status)) {
            int number = switch (name) {
                case "HUP" -> 1;
                case "INT" -> 2;
                default -> 15;
            };
            String ignored = Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .map(line -> line.substring(line.length() - 8))
                    .collect(Collectors.joining());
            boolean heard = (Long.parseLong(ignored, 16) >> (number - 1) & 1) == 0;
            assumeTrue(heard, "skipped: SIG" + name + " is ignored here");
        }
    }

    private static List<String> command(List<String> options, String what) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), SafeLoopProgram.class.getName(), what));
        return command;
    }

    private static String classPath() {
        return List.of(SafeLoop.class, SafeLoopProgram.class).stream()
                .map(type -> Path.of(URI.create(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toString()))
                        .toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private final class Child implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;

        Child(List<String> command) throws IOException {
            process = new ProcessBuilder(command)
                    .redirectError(folder.resolve("errors").toFile())
                    .start();
            out = process.inputReader(UTF_8);
        }

        /** Returns its next line, or "null" at the end. */
        String line() throws IOException {
            return String.valueOf(out.readLine());
        }

        void signal(String name) throws IOException, InterruptedException {
            assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "skipped: needs kill");
            assumeHeard(name);
            new ProcessBuilder("/bin/kill", "-" + name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        }

        List<String> rest() throws IOException {
            return out.lines().toList();
        }

        int exitCode() throws InterruptedException {
            return process.waitFor();
        }

        String errors() throws IOException {
            return Files.readString(folder.resolve("errors"));
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private Child start(String what, String... options) throws IOException {
        return new Child(command(List.of(options), what));
    }

    @Test
    void anInterruptEndsTheProgramInOrder() throws Exception {
        try (Child child = start("waits")) {
            assertThat(child.line()).isEqualTo("ready");

            child.signal("INT");

            assertThat(child.rest()).containsExactly("task ends", "second closed", "first closed");
            assertThat(child.exitCode()).isEqualTo(130);
        }
    }

    @Test
    void terminationEndsTheProgramInOrder() throws Exception {
        try (Child child = start("waits")) {
            assertThat(child.line()).isEqualTo("ready");

            child.signal("TERM");

            assertThat(child.rest()).containsExactly("task ends", "second closed", "first closed");
            assertThat(child.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void whoHangsIsReported() throws Exception {
        try (Child child = start("deaf")) {
            assertThat(child.line()).isEqualTo("ready");

            child.signal("INT");

            assertThat(child.rest()).containsExactly("closed");
            assertThat(child.exitCode()).isEqualTo(SafeLoop.HUNG);
            assertThat(child.errors())
                    .contains("1 did not end in time, so the exit code is 70:")
                    .contains("task \"deaf\" had PT0.001S")
                    .contains("io.mutil.loop.SafeLoopProgram.ignoreInterrupts");
        }
    }

    @Test
    void aSecondSignalEndsTheProgramAtOnce() throws Exception {
        try (Child child = start("slow")) {
            assertThat(child.line()).isEqualTo("ready");
            child.signal("TERM");
            assertThat(child.line()).isEqualTo("closing");

            child.signal("INT");

            assertThat(child.rest()).isEmpty();
            assertThat(child.exitCode()).isEqualTo(130);
        }
    }

    @Test
    void theSameSignalTwiceEndsTheGraceToo() throws Exception {
        try (Child child = start("stubborn")) {
            assertThat(child.line()).isEqualTo("ready");
            child.signal("INT");
            assertThat(child.line()).isEqualTo("told");

            child.signal("INT");

            assertThat(child.rest()).isEmpty();
            assertThat(child.exitCode()).isEqualTo(130);
        }
    }

    @Test
    void aLostTerminalEndsTheProgramInOrderWithTheCodeOfTheJvm() throws Exception {
        try (Child child = start("waits")) {
            assertThat(child.line()).isEqualTo("ready");

            child.signal("HUP");

            assertThat(child.rest()).containsExactly("task ends", "second closed", "first closed");
            assertThat(child.exitCode()).isEqualTo(129);
        }
    }

    @Test
    void programsBesideEachOtherShareSignals() throws Exception {
        assumeHeard("INT");
        try (Child child = start("raises")) {
            assertThat(child.rest())
                    .containsExactly(
                            "before the body 130",
                            "two 130",
                            "late 130",
                            "one 130",
                            "while hooks run 130",
                            "the handler before is back");
            assertThat(child.exitCode()).isZero();
        }
    }

    @Test
    void hooksRunThoughTasksKeepAllCarriersOfVirtualThreads() throws Exception {
        String[] one = {"-Djdk.virtualThreadScheduler.parallelism=1", "-Djdk.virtualThreadScheduler.maxPoolSize=1"};
        try (Child child = start("spins", one)) {
            assertThat(child.rest()).containsExactly("closed");
            assertThat(child.exitCode()).isEqualTo(SafeLoop.HUNG);
            assertThat(child.errors()).contains("1 did not end in time").contains("task \"main\" had PT0.001S");
        }
    }

    @Test
    void endsInOrderAtAnExitWhereTheJvmLeavesSignalsAlone() throws Exception {
        try (Child child = start("exits", "-Xrs")) {
            assertThat(child.rest()).containsExactly("closed");
            assertThat(child.exitCode()).isEqualTo(3);
        }
    }

    @Test
    void aHookThatExitsGetsItsCodeAndTheOtherHooks() throws Exception {
        try (Child child = start("hook exits")) {
            assertThat(child.rest()).containsExactly("closed");
            assertThat(child.exitCode()).isEqualTo(3);
            assertThat(child.errors()).doesNotContain("did not end in time");
        }
    }

    @Test
    void aTaskThatAnswersAnExitWithAnotherDoesNotCostTheGrace() throws Exception {
        try (Child child = start("answers")) {
            assertThat(child.rest()).containsExactly("closed");
            assertThat(child.exitCode()).isEqualTo(3);
        }
    }

    @Test
    void endsInOrderWhereTheJdkHasNoSignals() throws Exception {
        try (Child child = start("waits", "--limit-modules", "java.base,java.logging")) {
            assertThat(child.line()).isEqualTo("ready");

            child.signal("TERM");

            assertThat(child.rest()).containsExactly("task ends", "second closed", "first closed");
            assertThat(child.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void aTaskThatExitsGetsItsCodeAndTheHooks() throws Exception {
        try (Child child = start("exits")) {
            assertThat(child.rest()).containsExactly("closed");
            assertThat(child.exitCode()).isEqualTo(3);
        }
    }

    @Test
    void aKeyOnATerminalEndsTheProgramInOrder() throws Exception {
        assumeHeard("INT");
        List<String> command = new ArrayList<>(List.of("python3", "-c", TERMINAL));
        command.addAll(command(List.of(), "waits"));
        Child terminal;
        try {
            terminal = new Child(command);
        } catch (IOException e) {
            assumeTrue(false, "skipped: needs python3");
            return;
        }
        try (terminal) {
            List<String> lines = terminal.rest();

            assertThat(lines)
                    .map(line -> line.replace("\r", "").replace("^C", ""))
                    .containsSubsequence("task ends", "second closed", "first closed", "exit 130");
        }
    }
}
