package io.mutil.ratelimit;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Background;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A store that answers wrongly or not at all. */
class StoreFailureTest {
    private static final Rule TWO = Rule.slidingWindow(2, ofSeconds(10));

    private final FakeTime time = new FakeTime();
    private final RemoteStore remote = new RemoteStore(time);
    private final RateLimit far = time.builder(TWO).store(remote, "far").build();

    static Stream<Supplier<CompletionStage<Void>>> waysToFail() {
        return Stream.of(
                () -> {
                    throw new IllegalStateException("broken");
                },
                () -> {
                    throw new AssertionError("broken");
                },
                () -> null,
                () -> CompletableFuture.failedFuture(new IOException("gone")));
    }

    @Test
    void aStoreThatFailsLetsNobodyThrough() {
        CompletableFuture<Duration> first = far.acquireAsync();
        CompletableFuture<Duration> second = far.acquireAsync();

        remote.questions.remove().completeExceptionally(new IOException("gone"));
        remote.questions.remove().completeExceptionally(new IllegalArgumentException("odd"));
        time.advance(0);

        assertThatThrownBy(first::join).hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(second::join).hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aStoreThatFailsIsTheCauseOfWhatTheCallerSees() {
        LimitStore broken = new LimitStore() {
            @Override
            public CompletionStage<Answer> take(Request request) {
                return CompletableFuture.failedFuture(new IOException("gone"));
            }

            @Override
            public CompletionStage<Void> giveBack(Request request, Duration age) {
                return CompletableFuture.failedFuture(new IOException("gone"));
            }
        };
        RateLimit closed = time.builder(TWO).store(broken, "").build();

        assertThatThrownBy(closed::tryAcquire)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the store of the limit failed, nobody is let through")
                .hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(closed::acquire)
                .isInstanceOf(IllegalStateException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aStoreThatDoesNotAnswerFailsTheFirstAndIsAskedForTheNext() {
        CompletableFuture<Duration> first = far.acquireAsync();
        CompletableFuture<Duration> second = far.acquireAsync();
        CompletableFuture<LimitStore.Answer> lost = remote.questions.remove();

        time.advance(ofSeconds(10));

        assertThatThrownBy(first::join)
                .hasCauseInstanceOf(TimeoutException.class)
                .hasMessageContaining("the store of the limit did not answer within 10 seconds; nobody is let through");
        remote.admit();
        assertThat(second).isCompletedWithValue(ofSeconds(10));
        lost.complete(new LimitStore.Answer(true, Duration.ZERO));
        assertThat(remote.ages).containsExactly(ofSeconds(10));
        assertThat(far.stats().admitted()).isEqualTo(1);
        assertThat(time.timers()).isZero();
    }

    @ParameterizedTest
    @MethodSource("waysToFail")
    void aStoreThatCannotTakePermitsBackIsAskedForTheNextAllTheSame(Supplier<CompletionStage<Void>> failure) {
        remote.onGiveBack = failure;
        CompletableFuture<Duration> gone = far.acquireAsync(2);
        CompletableFuture<Duration> next = far.acquireAsync();
        gone.cancel(false);

        remote.admit();

        assertThat(remote.givenBack).hasSize(1);
        remote.admit();
        assertThat(next).isCompleted();
    }

    @ParameterizedTest
    @MethodSource("waysToFail")
    void aStoreThatCannotBeAskedFailsOneAfterTheOther(Supplier<CompletionStage<Void>> failure) {
        var broken = new AtomicBoolean(true);
        LimitStore store = new LimitStore() {
            @Override
            public CompletionStage<Answer> take(Request request) {
                return broken.get() ? broken() : remote.take(request);
            }

            @SuppressWarnings({"unchecked", "rawtypes"}) // nothing comes of it
            private CompletionStage<Answer> broken() {
                return (CompletionStage) failure.get();
            }

            @Override
            public CompletionStage<Void> giveBack(Request request, Duration age) {
                return CompletableFuture.completedFuture(null);
            }
        };
        RateLimit limit = time.builder(TWO).store(store, "broken").build();

        assertThat(limit.acquireAsync()).isCompletedExceptionally();
        assertThatThrownBy(limit::tryAcquire).isInstanceOfAny(RuntimeException.class);
        broken.set(false);
        CompletableFuture<Duration> next = limit.acquireAsync();
        remote.admit();

        assertThat(next).isCompleted();
        assertThat(limit.stats().waiting()).isZero();
    }

    @Test
    void aLineOfManyFailsInOneGoWhenTheSchedulerTakesNoMoreWork() {
        RateLimit wide =
                time.builder(TWO).store(remote, "wide").maxWaiters(20_000).build();
        List<CompletableFuture<Duration>> waiting =
                Stream.generate(wide::acquireAsync).limit(20_000).toList();
        time.shutdown();

        remote.questions.remove().complete(new LimitStore.Answer(true, Duration.ZERO));

        assertThat(waiting.get(0)).isCompletedWithValue(Duration.ZERO);
        assertThat(waiting.subList(1, 20_000)).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(wide.stats().waiting()).isZero();
    }

    @Test
    void anAnswerThatIsNoneFailsWhoWasAskedFor() {
        CompletableFuture<Duration> first = far.acquireAsync();
        CompletableFuture<Duration> second = far.acquireAsync();

        remote.questions.remove().complete(null);
        remote.questions.remove().cancel(false);
        time.advance(0);

        for (CompletableFuture<Duration> each : List.of(first, second)) {
            assertThatThrownBy(() -> each.get(0, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the store of the limit gave no answer; nobody is let through");
        }
    }

    @Test
    void aTimeoutDoesNotTakeAFailureForAPermit() {
        CompletableFuture<Void> thread = Background.run(() -> far.tryAcquire(ofMinutes(10)));
        remote.awaitQuestion();

        remote.questions.remove().completeExceptionally(new IOException("gone"));

        assertThatThrownBy(() -> thread.get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the store of the limit failed, nobody is let through");
    }
}
