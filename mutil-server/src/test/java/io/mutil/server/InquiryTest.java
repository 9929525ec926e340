package io.mutil.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.LogLines;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InquiryTest {
    private static final UpgradeRequest REQUEST =
            UpgradeRequest.of(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"), new EmbeddedChannel());

    private final List<Runnable> tasks = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private @Nullable Throwable failure;
    private int asked;

    private UpgradeAnswer decide(UpgradeRequest request) {
        asked++;
        return UpgradeAnswer.accept();
    }

    /** Keeps tasks until the test runs them, or has no thread. */
    private void execute(Runnable task) {
        if (failure instanceof Error error) {
            throw error;
        } else if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        tasks.add(task);
    }

    private Inquiry inquiry(int maxTurns, int maxLine) {
        return new Inquiry(this::execute, this::decide, maxTurns, maxLine);
    }

    private Runnable ask(Inquiry inquiry, String name) {
        return inquiry.ask(REQUEST, null, answer -> answers.add(name + " " + status(answer)));
    }

    private static int status(Inquiry.Answer answer) {
        return answer.refusal() == null ? 101 : answer.refusal().status().code();
    }

    private void runNext() {
        tasks.remove(0).run();
    }

    @Test
    void soManyAreAskedAboutAtATimeAndNoMore() {
        Inquiry inquiry = inquiry(1, 0);

        ask(inquiry, "a");
        assertThat(answers).isEmpty();
        ask(inquiry, "b");
        assertThat(answers).containsExactly("b 503");
        runNext();
        ask(inquiry, "c");
        runNext();

        assertThat(answers).containsExactly("b 503", "a 101", "c 101");
    }

    @Test
    void othersWaitForTheirTurnInOrder() {
        Inquiry inquiry = inquiry(1, 2);
        for (String name : List.of("a", "b", "c", "d")) {
            ask(inquiry, name);
        }
        assertThat(answers).containsExactly("d 503");

        for (int i = 0; i < 3; i++) {
            assertThat(tasks).hasSize(1);
            runNext();
        }

        assertThat(tasks).isEmpty();
        assertThat(answers).containsExactly("d 503", "a 101", "b 101", "c 101");
    }

    @Test
    void aThreadThatCannotBeStartedTakesNoTurn() {
        Inquiry inquiry = inquiry(1, 0);
        List<Throwable> failures = List.of(
                new RejectedExecutionException("planted by a test"),
                new OutOfMemoryError("unable to create native thread, planted by a test"));
        try (var lines = LogLines.of(Inquiry.class, Level.ALL)) {
            for (Throwable planted : failures) {
                failure = planted;
                ask(inquiry, "without");
                failure = null;
                ask(inquiry, "with");
                runNext();
            }
            assertThat(lines.at(Level.WARNING))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line).contains("no thread", "503"));
        }

        assertThat(answers).containsExactly("without 503", "with 101", "without 503", "with 101");
    }

    @Test
    void whoWaitsIsRefusedWhenThereIsNoThreadForHim() {
        int waiting = 20_000;
        Inquiry inquiry = inquiry(1, waiting);
        ask(inquiry, "first");
        for (int i = 0; i < waiting; i++) {
            ask(inquiry, "waiting");
        }

        try (var lines = LogLines.of(Inquiry.class, Level.ALL)) {
            failure = new OutOfMemoryError("planted by a test");
            runNext();
            assertThat(lines.at(Level.WARNING)).hasSize(waiting);
        }
        failure = null;
        ask(inquiry, "later");
        runNext();

        assertThat(answers)
                .hasSize(waiting + 2)
                .startsWith("waiting 503")
                .endsWith("waiting 503", "first 101", "later 101");
    }

    @Test
    void anExecutorThatFailsAfterItTookTheTaskIsAnsweredOnce() {
        Executor fickle = task -> {
            tasks.add(task);
            throw new RejectedExecutionException("planted by a test");
        };
        var inquiry = new Inquiry(fickle, this::decide, 1, 0);
        try (var lines = LogLines.of(Inquiry.class, Level.ALL)) {
            ask(inquiry, "a");
            runNext();
            ask(inquiry, "b");
            assertThat(lines.at(Level.WARNING)).hasSize(2);
        }

        assertThat(answers).containsExactly("a 503", "b 503");
        assertThat(asked).isZero();
    }

    @Test
    void anExecutorThatFailsAfterItRanTheTaskIsAnsweredOnce() {
        Executor fickle = task -> {
            task.run();
            throw new RejectedExecutionException("planted by a test");
        };
        var inquiry = new Inquiry(fickle, this::decide, 1, 0);

        ask(inquiry, "a");
        ask(inquiry, "b");

        assertThat(answers).containsExactly("a 101", "b 101");
    }

    @Test
    void aHandlerThatFailsEndsItsTurn() {
        UpgradeHandler failing = request -> {
            throw new StackOverflowError("planted by a test");
        };
        var inquiry = new Inquiry(this::execute, failing, 1, 1);
        try (var lines = LogLines.of(Inquiry.class, Level.ALL)) {
            ask(inquiry, "a");
            ask(inquiry, "b");
            runNext();
            runNext();
            assertThat(lines.at(Level.WARNING)).hasSize(2);
        }

        assertThat(answers).containsExactly("a 500", "b 500");
    }

    @Test
    void anAnswerThatCannotBeHandedOverEndsItsTurn() {
        Inquiry inquiry = inquiry(1, 1);
        Runnable unused = inquiry.ask(REQUEST, null, answer -> {
            throw new IllegalStateException("planted by a test");
        });
        ask(inquiry, "b");

        assertThatThrownBy(this::runNext).hasMessage("planted by a test");
        runNext();

        assertThat(answers).containsExactly("b 101");
    }

    @Test
    void whoLeavesMakesRoomInLineAndIsNotAskedAbout() {
        Inquiry inquiry = inquiry(1, 1);
        Runnable first = ask(inquiry, "a");
        Runnable second = ask(inquiry, "b");

        second.run();
        ask(inquiry, "c");
        first.run();
        ask(inquiry, "d");
        runNext();
        runNext();
        second.run();

        assertThat(answers).containsExactly("d 503", "c 101");
        assertThat(asked).isEqualTo(1);
        assertThat(tasks).isEmpty();
    }

    /** The executor holds it until then, so that what it holds stays bounded. */
    @Test
    void whoLeavesKeepsItsTurnUntilTheExecutorComesToIt() {
        Inquiry inquiry = inquiry(1, 0);

        ask(inquiry, "a").run();
        ask(inquiry, "b");
        runNext();
        ask(inquiry, "c");
        runNext();

        assertThat(answers).containsExactly("b 503", "c 101");
    }

    private EmbeddedChannel channel(Inquiry inquiry) {
        var channel = new EmbeddedChannel();
        channel.freezeTime();
        Http.addServer(channel.pipeline());
        var rules = new UpgradeRules("/", new OriginPolicy(Set.of(), true));
        channel.pipeline()
                .addLast(new Upgrade(
                        Duration.ofSeconds(5),
                        rules,
                        inquiry,
                        () -> true,
                        () -> answers.add("refused"),
                        () -> {
                            throw new AssertionError("nothing is decoded here");
                        },
                        (pipeline, upgrade) -> {}));
        channel.writeInbound(Unpooled.copiedBuffer(RawClient.handshake("Host: localhost\r\n"), US_ASCII));
        return channel;
    }

    @Test
    void aClientThatIsGoneStandsInLineNoMore() {
        Inquiry inquiry = inquiry(1, 1);
        ask(inquiry, "a");
        EmbeddedChannel gone = channel(inquiry);

        gone.finishAndReleaseAll();
        ask(inquiry, "b");
        runNext();
        runNext();

        assertThat(answers).containsExactly("a 101", "b 101");
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void aClientWhoseTimeIsOverStandsInLineNoMore() {
        Inquiry inquiry = inquiry(1, 1);
        ask(inquiry, "a");
        EmbeddedChannel late = channel(inquiry);

        late.advanceTimeBy(5, TimeUnit.SECONDS);
        late.runPendingTasks();
        late.runPendingTasks();
        ask(inquiry, "b");

        assertThat(late.isActive()).isFalse();
        assertThat(answers).containsExactly("refused");
        runNext();
        runNext();
        assertThat(answers).containsExactly("refused", "a 101", "b 101");
        late.finishAndReleaseAll();
    }
}
