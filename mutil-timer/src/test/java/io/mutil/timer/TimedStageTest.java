package io.mutil.timer;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Background;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TimedStageTest {
    private final FakeClock clock = new FakeClock();
    private final FakeLogger logger = new FakeLogger();
    private final Timings timings = Timings.create();
    private final CompletableFuture<String> slow = new CompletableFuture<>();

    private Section section() {
        return Timer.named("fetch").clock(clock).logger(logger).into(timings);
    }

    private void complete(Runnable how) {
        clock.advance(ofMillis(30));
        how.run();
    }

    @Test
    void endsWhenTheStageCompletes() {
        CompletableFuture<String> timed = section().stage(() -> slow);
        assertThat(timed).isNotDone();
        complete(() -> slow.complete("page"));

        assertThat(timed).isCompletedWithValue("page");
        assertThat(logger.lines()).containsExactly("fetch: 30.0 ms");
    }

    @Test
    void whoSeesTheResultSeesTheLineAndTheFigures() {
        CompletableFuture<Integer> lines =
                section().stage(() -> slow).thenApply(page -> logger.lines().size());
        CompletableFuture<Long> count = section()
                .stage(() -> slow)
                .thenApply(page -> timings.stats().get(0).count());
        complete(() -> slow.complete("page"));

        assertThat(lines.join()).isPositive();
        assertThat(count.join()).isPositive();
    }

    @Test
    void failsAsTheStageDoes() {
        CompletableFuture<String> timed = section().stage(() -> slow);
        var failure = new IOException("gone");
        complete(() -> slow.completeExceptionally(failure));

        assertThat(timed).isCompletedExceptionally();
        assertThatThrownBy(timed::get).hasCause(failure);
        assertThat(logger.lines()).containsExactly("fetch: failed after 30.0 ms with java.io.IOException");
        assertThat(timings.stats().get(0).failed()).isOne();
    }

    @Test
    void tellsTheCauseOfWhatALaterStageFailsWith() {
        CompletableFuture<Integer> timed = section().stage(() -> slow.thenApply(Integer::valueOf));
        complete(() -> slow.complete("no number"));

        assertThat(timed).isCompletedExceptionally();
        assertThat(logger.lines()).containsExactly("fetch: failed after 30.0 ms with java.lang.NumberFormatException");
    }

    @Test
    void cancellingTheResultCancelsTheStage() {
        CompletableFuture<String> timed = section().stage(() -> slow);
        complete(() -> timed.cancel(true));

        assertThat(slow).isCancelled();
        assertThat(logger.lines()).containsExactly("fetch: cancelled after 30.0 ms");
        assertThat(timings.stats().get(0).failed()).isOne();
    }

    @Test
    void cancellingTheStageCancelsTheResult() {
        CompletableFuture<String> timed = section().stage(() -> slow);
        complete(() -> slow.cancel(true));

        assertThat(timed).isCancelled();
        assertThat(logger.lines()).containsExactly("fetch: cancelled after 30.0 ms");
    }

    @Test
    void whatIsNoFutureIsNotCancelled() {
        CompletionStage<String> stage = slow.minimalCompletionStage();
        CompletableFuture<String> timed = section().stage(() -> stage);
        complete(() -> timed.cancel(true));

        assertThat(logger.lines()).containsExactly("fetch: cancelled after 30.0 ms");
        complete(() -> slow.complete("late"));
        assertThat(logger.lines()).hasSize(1);
    }

    @Test
    void whatCannotBeMadeFails() {
        assertThatThrownBy(() -> section().stage(() -> {
                    throw new IllegalStateException("closed");
                }))
                .hasMessage("closed");

        assertThat(logger.lines()).containsExactly("fetch: failed after 0 ns with java.lang.IllegalStateException");
        assertThat(Nesting.path()).isNull();
    }

    @Test
    void isAroundWhatIsStartedWhileItIsMadeAndNotAroundWhatFollows() {
        CompletableFuture<String> timed = section().stage(() -> {
            Timer.named("connect").clock(clock).logger(logger).start().close();
            return slow;
        });
        Timer.named("next").clock(clock).logger(logger).start().close();
        slow.complete("page");

        assertThat(timed).isCompleted();
        assertThat(logger.lines()).containsExactly("fetch/connect: 0 ns", "next: 0 ns", "fetch: 0 ns");
    }

    @Test
    void completesAlsoWhereItsLineCannotBeWritten() {
        var broken = new FakeLogger();
        CompletableFuture<String> timed = Timer.named("fetch")
                .clock(clock)
                .logger(broken)
                .level(System.Logger.Level.INFO)
                .stage(() -> slow);
        broken.breaks();
        slow.complete("page");

        assertThat(timed).isCompletedWithValue("page");
    }

    @Test
    void whoCompletesTheResultEndsTheTimeAndCancelsTheStage() {
        CompletableFuture<String> late = section().stage(() -> slow);
        complete(() -> late.completeExceptionally(new TimeoutException()));
        var other = new CompletableFuture<String>();
        CompletableFuture<String> early = section().stage(() -> other);
        complete(() -> early.complete("page of the cache"));

        assertThat(slow).isCancelled();
        assertThat(other).isCancelled();
        assertThat(logger.lines())
                .containsExactly(
                        "fetch: failed after 30.0 ms with java.util.concurrent.TimeoutException", "fetch: 30.0 ms");
    }

    static Stream<Consumer<CompletableFuture<String>>> waysToComplete() {
        return Stream.of(
                result -> result.complete("x"),
                result -> result.completeExceptionally(new TimeoutException()),
                result -> result.cancel(false),
                result -> result.completeAsync(() -> "x", Runnable::run),
                result -> result.obtrudeValue("x"),
                result -> result.obtrudeException(new TimeoutException()));
    }

    @ParameterizedTest
    @MethodSource("waysToComplete")
    void whoCompletesTheResultEndsTheTimeBeforeWhatDependsOnIt(Consumer<CompletableFuture<String>> way) {
        CompletableFuture<String> timed = section().stage(() -> slow);
        var seen = new ArrayList<String>();
        var unused = timed.whenComplete((page, failure) -> {
            clock.advance(ofSeconds(30));
            seen.addAll(logger.lines());
            seen.add("cancelled: " + slow.isCancelled());
        });
        complete(() -> way.accept(timed));

        assertThat(seen).hasSize(2);
        assertThat(seen.get(0)).startsWith("fetch: ").contains("30.0 ms");
        assertThat(seen.get(1)).isEqualTo("cancelled: true");
        assertThat(timings.stats().get(0).max()).isEqualTo(ofMillis(30));
        assertThat(logger.lines()).hasSize(1);
    }

    @Test
    void aTimeoutEndsTheTimeBeforeWhatDependsOnIt() {
        CompletableFuture<String> timed = section().stage(() -> slow);
        CompletableFuture<String> dependent = timed.whenComplete((page, failure) -> clock.advance(ofSeconds(30)));
        assertThat(timed.orTimeout(1, TimeUnit.MILLISECONDS)).isSameAs(timed);

        assertThatThrownBy(() -> dependent.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(TimeoutException.class);
        assertThat(logger.lines())
                .containsExactly("fetch: failed after 0 ns with java.util.concurrent.TimeoutException");
        assertThat(slow).isCancelled();
    }

    @Test
    void ofTwoWhoCompleteTheResultOneHasBothTheLineAndTheValue() {
        CompletableFuture<String> timed = section().stage(() -> slow);
        var second = new AtomicBoolean(true);
        logger.reader(line -> second.set(timed.complete("second")));

        assertThat(timed.completeExceptionally(new TimeoutException())).isTrue();
        assertThat(second).isFalse();
        assertThat(timed).isCompletedExceptionally();
        assertThat(timed.cancel(true)).isFalse();
        assertThat(logger.lines()).hasSize(1);
    }

    @Test
    void cancelsTheStageAlsoWhereItsLineCannotBeWritten() {
        CompletableFuture<String> timed = section().stage(() -> slow);
        logger.breaks();
        timed.cancel(true);

        assertThat(slow).isCancelled();
        assertThat(timed).isCancelled();
    }

    @Test
    void whatTheSupplierThrowsIsNotHiddenByALoggerThatThrows() {
        var failure = new IOException("closed");
        logger.breaks();

        assertThatThrownBy(() -> section().stage(() -> {
                    throw new UncheckedIOException(failure);
                }))
                .hasCause(failure)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(Nesting.path()).isNull();
    }

    @Test
    void leavesNothingBehindWhereTheLoggerCannotBeAsked() {
        logger.isDeaf();

        assertThatThrownBy(() -> section().stage(() -> slow)).hasMessage("no configuration");
        assertThat(Nesting.path()).isNull();
        assertThat(timings.stats().get(0).failed()).isOne();
    }

    @Test
    void whatIsLeftOpenWhileItIsMadeIsNotAroundWhatFollowsEither() throws Exception {
        CompletableFuture<String> timed = section().stage(() -> {
            Timer connect = Timer.named("connect").clock(clock).logger(logger).start();
            return slow.whenComplete((page, failure) -> connect.close());
        });
        Timer.named("next").clock(clock).logger(logger).start().close();
        Background.run(() -> slow.complete("page")).get(30, TimeUnit.SECONDS);

        assertThat(timed).isCompletedWithValue("page");
        assertThat(logger.lines()).containsExactly("next: 0 ns", "fetch/connect: 0 ns", "fetch: 0 ns");
    }

    @Test
    void handsOverTheTimerToCountItsSteps() {
        CompletableFuture<String> timed = section().bytes().stage(timer -> {
            timer.step(512);
            return slow.thenApply(page -> {
                timer.child("parse").close();
                timer.step(page.length());
                return page;
            });
        });
        complete(() -> slow.complete("page"));

        assertThat(timed).isCompletedWithValue("page");
        assertThat(logger.lines()).containsExactly("fetch/parse: 0 ns", "fetch: 516 B in 30.0 ms, 16.8 KiB/s");
    }

    @Test
    void tellsWhereItWasStarted() {
        CompletableFuture<String> timed = begin();
        slow.complete("page");

        assertThat(timed).isCompleted();
        assertThat(logger.lines().get(0)).matches("fetch: 0 ns at TimedStageTest\\.begin:\\d+");
    }

    private CompletableFuture<String> begin() {
        return section().located().stage(() -> slow);
    }
}
