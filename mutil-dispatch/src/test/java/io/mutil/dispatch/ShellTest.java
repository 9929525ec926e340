package io.mutil.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.DumbTerminal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types into a terminal of JLine that is made of streams. */
class ShellTest {
    private static final String CTRL_C = "\003";
    private static final String CTRL_D = "\004";
    private static final String UP = "\033[A";
    private static final String LEFT = "\033[D";

    private final TypedInput keys = new TypedInput();
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final Recorded commands = new Recorded();
    private final Terminal terminal;
    private CompletableFuture<Void> ended = new CompletableFuture<>();

    ShellTest() throws IOException {
        terminal = TerminalBuilder.builder()
                .system(false)
                .provider("exec")
                .streams(keys, screen)
                .type("ansi")
                .encoding(UTF_8)
                .size(Size.of(200, 50))
                .build();
    }

    /** Answers by what the line says, and remembers it. */
    private static final class Recorded implements Shell.Commands {
        private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<CompletableFuture<Object>> waiting = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<Consumer<String>> outs = new LinkedBlockingQueue<>();

        @Override
        public CompletableFuture<? extends @Nullable Object> run(String line, Consumer<String> out) {
            lines.add(line);
            outs.add(out);
            return switch (Words.split(line).get(0)) {
                case "answer" -> CompletableFuture.completedFuture("the answer is " + 6 * 7);
                case "nothing" -> CompletableFuture.completedFuture(null);
                case "fail" -> CompletableFuture.failedFuture(new IllegalStateException("no\n  market"));
                case "bare" -> CompletableFuture.failedFuture(new TimeoutException());
                case "wait" -> {
                    var future = new CompletableFuture<Object>();
                    waiting.add(future);
                    yield future;
                }
                default ->
                    throw new DispatchException(
                            DispatchException.Kind.UNKNOWN,
                            "there is no command;\ndid you mean answer?",
                            List.of("answer"));
            };
        }

        @Override
        public List<String> complete(List<String> words, int index) {
            return Stream.of(
                            index == 0
                                    ? new String[] {"answer", "wait"}
                                    : new String[] {"it's", "New York", "New Delhi"})
                    .filter(value -> value.startsWith(words.get(index)))
                    .toList();
        }

        String nextLine() throws InterruptedException {
            return next(lines);
        }
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        return requireNonNull(queue.poll(30, TimeUnit.SECONDS), "nothing came");
    }

    private void start(Shell shell) {
        ended = Background.run(shell.terminal(terminal)::run);
    }

    @BeforeEach
    void startsOnlyWhatATestStarts() {
        ended.complete(null);
    }

    @AfterEach
    void end() throws Exception {
        keys.end();
        ended.get(30, TimeUnit.SECONDS);
        terminal.close();
    }

    private String shown() {
        return screen.toString(UTF_8);
    }

    private void awaitShown(String text) {
        Eventually.until(text + " in " + shown(), () -> shown().contains(text));
    }

    @Test
    void runsWhatIsTypedAndShowsResults() throws Exception {
        start(new Shell(commands).prompt("desk> "));

        keys.type("answer me\rnothing\r");

        awaitShown("the answer is 42");
        assertThat(commands.nextLine()).isEqualTo("answer me");
        assertThat(commands.nextLine()).isEqualTo("nothing");
        assertThat(shown()).contains("desk> ").doesNotContain("null");
    }

    @Test
    void showsErrorsAsOneLine() {
        start(new Shell(commands));

        keys.type("fail\rbare\rwhat\r");

        awaitShown("IllegalStateException: no market");
        awaitShown("TimeoutException");
        awaitShown("there is no command; did you mean answer?");
    }

    @Test
    void blankLinesRunNothing() throws Exception {
        start(new Shell(commands));

        keys.type("\r  \ranswer\r");

        assertThat(commands.nextLine()).isEqualTo("answer");
    }

    @Test
    void tabCompletesCommandsAndValues() throws Exception {
        start(new Shell(commands));

        keys.type("an\ti\t\r");
        assertThat(commands.nextLine()).isEqualTo("answer it\\'s ");
        keys.type("answer N\tD\t\r");
        assertThat(Words.split(commands.nextLine())).containsExactly("answer", "New Delhi");
        keys.type("answer 'New Y\t10\r");
        assertThat(commands.nextLine()).isEqualTo("answer 'New York' 10");
    }

    @Test
    void keysEditTheLineAndFindEarlierOnes() throws Exception {
        start(new Shell(commands));

        keys.type("answer b" + LEFT + "a\r");
        assertThat(commands.nextLine()).isEqualTo("answer ab");
        keys.type(UP + "c\r");

        assertThat(commands.nextLine()).isEqualTo("answer abc");
    }

    @Test
    void takesExclamationMarksAndBackslashesAsTheyAre() throws Exception {
        start(new Shell(commands));

        keys.type("answer hi!! a\\ b\r");

        assertThat(commands.nextLine()).isEqualTo("answer hi!! a\\ b");
    }

    @Test
    void anOpenQuoteIsAnErrorOfTheLine() throws Exception {
        start(new Shell(commands));

        keys.type("answer 'x\r");

        awaitShown("IllegalArgumentException: No closing quotation");
    }

    @Test
    void controlCCancelsTheCommandThatRuns() throws Exception {
        start(new Shell(commands));
        keys.type("wait\r");
        CompletableFuture<Object> future = next(commands.waiting);

        keys.type(CTRL_C);

        assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        awaitShown("cancelled");
        keys.type("answer\r");
        awaitShown("the answer is 42");
    }

    @Test
    void controlCClearsTheLine() throws Exception {
        start(new Shell(commands));
        awaitShown("> ");
        keys.type("never");
        awaitShown("never");

        keys.type(CTRL_C);
        Eventually.until("a new prompt", () -> shown().matches("(?s).*never.*\n.*> .*"));
        keys.type("answer\r");

        assertThat(commands.nextLine()).isEqualTo("answer");
    }

    @Test
    void showsOutputAboveTheLineThatIsTyped() throws Exception {
        start(new Shell(commands));
        keys.type("nothing\r");
        Consumer<String> out = next(commands.outs);
        Eventually.until("the next prompt", () -> shown().matches("(?s).*nothing.*\n.*> .*"));
        keys.type("answ");
        awaitShown("answ");

        out.accept("a fill came in");
        awaitShown("a fill came in");
        keys.type("er\r");

        awaitShown("the answer is 42");
        assertThat(commands.lines).contains("answer");
    }

    @Test
    void controlDEndsItAndLeavesTheTerminalOfTheCaller() throws Exception {
        start(new Shell(commands));
        keys.type("answer\r");
        Consumer<String> out = next(commands.outs);
        awaitShown("the answer is 42");

        keys.type(CTRL_D);

        ended.get(30, TimeUnit.SECONDS);
        out.accept("too late");
        terminal.writer().println("still open");
        terminal.flush();
        assertThat(shown()).contains("still open").doesNotContain("too late");
    }

    @Test
    void theLastLineOfAStreamNeedsNoEnd() throws Exception {
        var input = new ByteArrayInputStream("nothing\nanswer".getBytes(UTF_8));

        try (var stream = new DumbTerminal("stream", Terminal.TYPE_DUMB, input, screen, UTF_8)) {
            new Shell(commands).terminal(stream).run();
        }

        assertThat(commands.lines).containsExactly("nothing", "answer");
        assertThat(shown()).contains("the answer is 42");
    }

    @Test
    void aTerminalThatHangsUpRunsNoUnfinishedLine() throws Exception {
        start(new Shell(commands));

        keys.type("nothing\ranswer");
        awaitShown("answer");
        keys.end();

        ended.get(30, TimeUnit.SECONDS);
        assertThat(commands.lines).containsExactly("nothing");
    }

    @Test
    void aTerminalThatFailsIsAnIOException() throws Exception {
        var failing = new DumbTerminal(keys, screen) {
            @Override
            public Attributes enterRawMode() {
                throw new IOError(new IOException("stty is gone"));
            }
        };

        try (failing) {
            var shell = new Shell(commands).terminal(failing);

            assertThatIOException()
                    .isThrownBy(shell::run)
                    .withMessage("the terminal failed: java.io.IOException: stty is gone");
        }
    }

    @Test
    void leavesThePropertiesOfTheProgramAsTheyWere() throws IOException {
        Object before = System.getProperties().clone();

        Shell.open().close();

        assertThat(System.getProperties()).isEqualTo(before);
    }

    @Test
    void keepsTheHistoryInAFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("made/history");
        start(new Shell(commands).history(file));
        keys.type("answer me\r");
        awaitShown("the answer is 42");
        keys.type(" nothing secret\r" + CTRL_D);
        ended.get(30, TimeUnit.SECONDS);

        assertThat(Files.readString(file)).contains("answer me").doesNotContain("secret");
        commands.lines.clear();
        start(new Shell(commands).history(file));
        keys.type(UP + "\r");

        assertThat(commands.nextLine()).isEqualTo("answer me");
    }
}
