package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the program in this process, with piped input, and by hand at a pseudo terminal. */
class DeskTest {
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final String MAIN = Desk.class.getName();

    /** Types at a terminal: waits for what each pair of arguments expects after what it sends. */
    private static final String TYPIST = """
            import fcntl, os, pty, re, select, signal, struct, sys, termios, time

            end = sys.argv.index("--")
            steps = sys.argv[1:end]
            pid, terminal = pty.fork()
            if pid == 0:
                signal.signal(signal.SIGINT, signal.SIG_DFL)
                os.environ["TERM"] = "xterm"
                os.execvp(sys.argv[end + 1], sys.argv[end + 1:])
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 200, 0, 0))
            raw = b""

            def more(limit):
                global raw
                if not select.select([terminal], [], [], limit)[0]:
                    return False
                try:
                    data = os.read(terminal, 65536)
                except OSError:
                    data = b""
                raw += data
                return data != b""

            def text():
                return re.sub(r"\\x1b(\\[[0-9;?]*[A-Za-z]|[=>])", "", raw.decode("utf-8", "replace"))

            at = 0
            for sent, expected in zip(steps[::2], steps[1::2]):
                os.write(terminal, sent.encode())
                deadline = time.monotonic() + 40
                while expected not in text()[at:]:
                    if not more(deadline - time.monotonic()) or time.monotonic() > deadline:
                        print(text())
                        os.kill(pid, signal.SIGKILL)
                        sys.exit("no " + repr(expected) + " after " + repr(sent))
                at += text()[at:].index(expected) + len(expected)
            while more(40):
                pass
            print(text())
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """;

    private static String java() {
        return ProcessHandle.current().info().command().orElseThrow();
    }

    private static List<String> onTheModulePath() {
        return List.of(
                java(),
                "-p",
                ProgramPath.get(),
                "--add-modules",
                "org.jline.reader",
                "-m",
                "io.mutil.examples/" + MAIN);
    }

    private static List<String> onTheClassPath() {
        return List.of(java(), "-cp", ProgramPath.get(), MAIN);
    }

    @Test
    void runsTheLinesThatAreItsArguments() throws Exception {
        List<String> shown = new ArrayList<>();

        new Desk()
                .run(
                        List.of("b ibm 10", "buy msft", "s ibm 4", "buy ibm 0", "wip", "xyz", "p", "wipe", "p"),
                        shown::add);

        assertThat(shown).hasSize(9);
        assertThat(shown.subList(0, 3)).containsExactly("IBM 10", "MSFT 1", "IBM 6");
        assertThat(shown.get(3)).contains("must be positive");
        assertThat(shown.get(4)).contains("wipe", "full name");
        assertThat(shown.get(5)).contains("xyz");
        assertThat(shown.subList(6, 9)).containsExactly("{IBM=6, MSFT=1}", "2 forgotten", "{}");
    }

    @Test
    void allWhoWatchSeeTheNextTrade() throws Exception {
        var desk = new Desk();
        CompletableFuture<String> stopped = desk.watch(line -> {}).toCompletableFuture();
        CompletableFuture<String> first = desk.watch(line -> {}).toCompletableFuture();
        CompletableFuture<String> second = desk.watch(line -> {}).toCompletableFuture();

        boolean unused = stopped.cancel(true);
        desk.run(List.of("buy ibm 10", "buy ibm"), line -> {});

        assertThat(first).isCompletedWithValue("IBM 10");
        assertThat(second).isCompletedWithValue("IBM 10");
        assertThat(desk.watch(line -> {}).toCompletableFuture()).isNotDone();
    }

    @Test
    void listsItsCommands() throws Exception {
        List<String> shown = new ArrayList<>();

        new Desk().run(List.of("?"), shown::add);

        assertThat(String.join("\n", shown))
                .contains("buy", "Buys at the market.", "wipe", "Forgets all that is held.");
    }

    @Test
    void runsPipedLinesAndEndsWithThem() throws Exception {
        var builder = new ProcessBuilder(onTheClassPath());
        Process process = builder.redirectError(ProcessBuilder.Redirect.PIPE).start();
        try {
            process.getOutputStream().write("buy ibm 3\nb ibm 4".getBytes(UTF_8));
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);

            assertThat(output).contains("IBM 3", "IBM 7");
            assertThat(process.getErrorStream().readAllBytes()).asString(UTF_8).isEmpty();
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void isAtHomeOnATerminal(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(PYTHON), "skipped: no python3, which makes the terminal");
        String[] steps = {
            "", "desk> ",
            "b\t", "buy ",
            "aapl 10\r", "AAPL 10",
            "", "desk> ",
            "\033OA\r", "AAPL 20",
            "", "desk> ",
            "buy aapl 1\033OD2\r", "AAPL 41",
            "", "desk> ",
            "sell A\t5\r", "AAPL 36",
            "", "desk> ",
            "watch\r", "Ctrl-C stops",
            "\003", "cancelled",
            "", "desk> ",
            "never", "never",
            "\003", "desk> ",
            "wip\r", "full name",
            "", "desk> ",
            "positions\r", "{AAPL=36}",
            "", "desk> ",
            "\004", "",
        };

        for (List<String> program : List.of(onTheModulePath(), onTheClassPath())) {
            String transcript = type(folder, steps, program);

            assertThat(transcript).doesNotContainIgnoringCase("warning").doesNotContain("Exception");
        }
    }

    private static String type(Path folder, String[] steps, List<String> program)
            throws IOException, InterruptedException {
        Path typist = Files.writeString(folder.resolve("typist.py"), TYPIST);
        List<String> command = new ArrayList<>(List.of(PYTHON.toString(), typist.toString()));
        command.addAll(List.of(steps));
        command.add("--");
        command.addAll(program);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String transcript = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(transcript).isZero();
            return transcript;
        } finally {
            process.destroyForcibly();
        }
    }
}
