package io.mutil.pipe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mutil.codec.TruncatedFrameException;
import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChildProcessTest {
    /** Gives each frame back reversed. */
    private static final String PYTHON = """
            import struct, sys
            i, o = sys.stdin.buffer, sys.stdout.buffer
            while header := i.read(4):
                length, = struct.unpack('<I', header)
                reply = i.read(length)[::-1]
                o.write(struct.pack('<I', len(reply)) + reply)
                o.flush()
            """;

    // A logger is only weakly held by its manager.
    private final Logger logger = Logger.getLogger(ChildProcess.class.getName());
    private final Queue<String> logged = new ConcurrentLinkedQueue<>();
    private final Handler collector = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            logged.add(String.valueOf(entry.getMessage()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void collect() {
        assumeTrue(File.separatorChar == '/', "skipped without a Unix shell");
        logger.addHandler(collector);
    }

    @AfterEach
    void stopCollecting() {
        logger.removeHandler(collector);
    }

    private static ProcessBuilder shell(String script) {
        return new ProcessBuilder("sh", "-c", script);
    }

    private static ByteBuffer frame(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static String text(@Nullable ByteBuffer frame) {
        return UTF_8.decode(requireNonNull(frame, "frame")).toString();
    }

    @Test
    void speaksFramesWithAProgramThatKnowsNothingOfThem() throws Exception {
        try (var child = ChildProcess.start(new ProcessBuilder("cat"))) {
            child.pipe().write(frame("hello"));
            child.pipe().write(frame(""));

            assertThat(text(child.pipe().read())).isEqualTo("hello");
            assertThat(text(child.pipe().read())).isEmpty();

            child.pipe().closeOutput();
            assertThat(child.pipe().read()).isNull();
            assertThat(child.exit().get()).isZero();
        }
    }

    @Test
    void speaksFramesWithPython() throws Exception {
        try (var child = startOrSkip(new ProcessBuilder("python3", "-c", PYTHON))) {
            List<String> texts = List.of("hello", "", "x".repeat(100_000), "ab");
            var writer = Background.run(() -> {
                for (String text : texts) {
                    child.pipe().write(frame(text));
                }
                child.pipe().closeOutput();
            });
            for (String text : texts) {
                assertThat(text(child.pipe().read()))
                        .isEqualTo(new StringBuilder(text).reverse().toString());
            }
            assertThat(child.pipe().read()).isNull();
            assertThat(child.exit().get()).isZero();
            writer.get();
        }
    }

    private static ChildProcess startOrSkip(ProcessBuilder program) {
        try {
            return ChildProcess.start(program);
        } catch (IOException e) {
            assumeTrue(false, "skipped without " + program.command().get(0));
            throw new IllegalStateException(e);
        }
    }

    @Test
    void speaksFramesWithAnotherJvm() throws Exception {
        for (List<String> command : List.of(
                Child.command(true, "descriptors", "0", "1"),
                Child.command(false, "descriptors", "0", "1"),
                Child.command(true, "streams"))) {
            try (var child = ChildProcess.start(new ProcessBuilder(command))) {
                var writer = Background.run(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        child.pipe().write(ByteBuffer.allocate(4 + i * 10).putInt(0, i));
                    }
                    child.pipe().closeOutput();
                });
                for (int i = 0; i < 1_000; i++) {
                    ByteBuffer frame = requireNonNull(child.pipe().read());
                    assertThat(frame.remaining()).isEqualTo(4 + i * 10);
                    assertThat(frame.getInt(0)).isEqualTo(i);
                }
                assertThat(child.pipe().read()).isNull();
                assertThat(child.exit().get()).isZero();
                writer.get();
            }
        }
        assertThat(logged)
                .filteredOn(line -> line.endsWith("echoing, epoll true"))
                .hasSize(2);
        assertThat(logged)
                .filteredOn(line -> line.endsWith("echoing, epoll false"))
                .hasSize(1);
        assertThat(logged).filteredOn(line -> line.endsWith("echoed")).hasSize(3);
    }

    @Test
    void logsErrorsLineByLine() throws Exception {
        try (var child = ChildProcess.start(shell("echo one >&2; printf two >&2; exit 3"))) {
            String name = "child " + child.process().pid() + ": ";
            assertThat(child.exit().get()).isEqualTo(3);
            assertThat(child.pipe().read()).isNull();

            Eventually.until("both lines are logged", () -> logged.size() == 2);

            assertThat(logged).containsExactly(name + "one", name + "two");
            assertThat(child.toString())
                    .contains(String.valueOf(child.process().pid()))
                    .contains("ended 3");
        }
    }

    @Test
    void aChildThatStopsInsideAFrameIsNoCleanEnd() throws Exception {
        try (var child = ChildProcess.start(shell("printf '\\012\\000\\000\\000abc'"))) {
            assertThatThrownBy(() -> child.pipe().read()).isInstanceOfSatisfying(TruncatedFrameException.class, e -> {
                assertThat(e.expected()).isEqualTo(10);
                assertThat(e.received()).isEqualTo(3);
            });
        }
    }

    @Test
    void aChildThatIsGoneFailsTheWriter() throws Exception {
        try (var child = ChildProcess.start(shell("exit 0"))) {
            child.exit().get();

            assertThatThrownBy(() -> {
                        while (true) {
                            child.pipe().write(frame("hello"));
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("broken pipe");
        }
    }

    @Test
    void closingEndsTheInputAndWaitsForTheChild() throws Exception {
        var child = ChildProcess.start(shell("cat >/dev/null; exit 4"));
        child.pipe().write(frame("hello"));

        child.close();

        assertThat(child.process().exitValue()).isEqualTo(4);
        assertThatThrownBy(() -> child.pipe().read()).isInstanceOf(IOException.class);
        child.close();
    }

    @Test
    void closingTakesWhatTheChildStillPrints() throws Exception {
        var child = ChildProcess.start(shell("head -c 3000000 /dev/zero; exit 5"));
        Eventually.until("nothing more fits", () -> child.pipe().stats().bufferedBytes() >= 1 << 20);

        child.close();

        assertThat(child.exit().get()).isEqualTo(5);
    }

    @Test
    void aChildThatDoesNotEndIsDestroyed() throws Exception {
        var child = ChildProcess.builder(new ProcessBuilder("sleep", "1000"))
                .grace(Duration.ofMillis(50))
                .start();

        child.close();

        assertThat(child.exit().get()).isEqualTo(128 + 15);
        assertThat(logged).anyMatch(line -> line.contains("did not end within PT0.05S"));
    }

    @Test
    void aChildThatIgnoresThatIsDestroyedForcibly() throws Exception {
        var child = ChildProcess.builder(
                        shell("trap '' TERM; printf '\\000\\000\\000\\000'; while :; do sleep 0.1; done"))
                .grace(Duration.ofMillis(50))
                .start();
        assertThat(text(child.pipe().read())).isEmpty();

        child.close();

        assertThat(child.exit().get()).isEqualTo(128 + 9);
    }

    @Test
    void theChildEndsWhenItsParentIsKilled() throws Exception {
        Process parent = new ProcessBuilder(Child.command(true, "parent"))
                .redirectError(Redirect.DISCARD)
                .start();
        try (BufferedReader output = parent.inputReader(UTF_8)) {
            ProcessHandle grandchild =
                    ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
            assertThat(grandchild.isAlive()).isTrue();

            parent.destroyForcibly();

            grandchild.onExit().get();
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void aReaderOfStandardInputDoesNotHoldUpAClose() throws Exception {
        Process process = new ProcessBuilder(Child.command(true, "stuck")).start();
        try (BufferedReader output = process.inputReader(UTF_8)) {
            assertThat(output.readLine()).isEqualTo("closed true");
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void redirectedStreamsAreRefused() {
        for (ProcessBuilder program : List.of(
                new ProcessBuilder("cat").redirectInput(Redirect.INHERIT),
                new ProcessBuilder("cat").redirectOutput(Redirect.INHERIT),
                new ProcessBuilder("cat").redirectErrorStream(true))) {
            assertThatThrownBy(() -> ChildProcess.start(program)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> ChildProcess.start(new ProcessBuilder("/there/is/no/such/program")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void longLinesAreCut() throws Exception {
        List<String> lines = new ArrayList<>();
        new LineLog(lines::add)
                .readAll(new java.io.StringReader("a\r\n\n" + "x".repeat(LineLog.LONGEST + 1) + "\nend"));

        assertThat(lines).containsExactly("a", "", "x".repeat(LineLog.LONGEST), "x", "end");
    }
}
