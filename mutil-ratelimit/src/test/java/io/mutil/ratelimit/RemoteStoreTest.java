package io.mutil.ratelimit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A store that answers late. */
class RemoteStoreTest {
    private static final Rule TWO = Rule.slidingWindow(2, ofSeconds(10));

    private final FakeTime time = new FakeTime();
    private final RemoteStore remote = new RemoteStore(time);
    private final RateLimit far =
            time.builder(TWO).store(remote, "far").margin(ofMillis(20)).build();

    @Test
    void onlyTheFirstInTheLineAsks() {
        CompletableFuture<Duration> first = far.acquireAsync();
        CompletableFuture<Duration> second = far.acquireAsync();
        assertThat(remote.questions).hasSize(1);

        remote.answer(true, Duration.ZERO);

        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        assertThat(remote.questions).hasSize(1);
        remote.answer(false, ofSeconds(3));
        assertThat(remote.questions).isEmpty();
        time.advance(ofSeconds(3));
        assertThat(remote.questions).hasSize(1);
    }

    @Test
    void whoGivesUpWhileTheStoreIsAskedGivesThePermitBack() {
        CompletableFuture<Duration> gone = far.acquireAsync(2);
        time.advance(ofMillis(5));
        gone.cancel(false);

        remote.answer(true, Duration.ZERO);

        assertThat(remote.givenBack).containsExactly(new LimitStore.Request("far", List.of(TWO), ofMillis(20), 2));
        // it was counted later than the question was sent
        assertThat(remote.ages).containsExactly(ofMillis(5));
        assertThat(far.stats()).isEqualTo(new RateLimitStats(0, 0, 1, 0, 0, -1, Duration.ZERO));
    }

    @Test
    void permitsGoBackUnderTheRulesTheyWereTakenBy() {
        CompletableFuture<Duration> gone = far.acquireAsync(2);
        far.change(Rule.slidingWindow(5, ofSeconds(1)));
        gone.cancel(false);

        remote.answer(true, Duration.ZERO);

        assertThat(remote.givenBack).containsExactly(new LimitStore.Request("far", List.of(TWO), ofMillis(20), 2));
    }

    @Test
    void whatDependsOnAFutureHoldsUpNeitherTheStoreNorAnotherCaller() {
        CompletableFuture<Duration> first = far.acquireAsync();
        var followed = new AtomicBoolean();
        var unused = first.thenRun(() -> followed.set(true));

        remote.questions.remove().complete(new LimitStore.Answer(true, Duration.ZERO));
        CompletableFuture<Duration> second = far.acquireAsync();

        assertThat(followed).isFalse();
        assertThat(remote.questions).hasSize(1);
        time.advance(0);
        assertThat(followed).isTrue();
        assertThat(second).isNotDone();
    }

    @Test
    void whoIsCancelledBetweenItsAdmissionAndItsCompletionGivesThePermitBack() {
        CompletableFuture<Duration> gone = far.acquireAsync();
        remote.questions.remove().complete(new LimitStore.Answer(true, Duration.ZERO));

        gone.cancel(false);
        time.advance(0);

        assertThat(remote.givenBack).hasSize(1);
        assertThat(far.stats()).isEqualTo(new RateLimitStats(0, 0, 1, 0, 0, -1, Duration.ZERO));
    }

    @Test
    void whoDoesNotWantToWaitIsAskedForBehindOthersThatAreAskedFor() throws Exception {
        var got = new AtomicReference<Boolean>();
        CompletableFuture<Duration> first = far.acquireAsync();
        CompletableFuture<Void> thread = Background.run(() -> got.set(far.tryAcquire()));
        Eventually.until("both are in the line", () -> far.stats().waiting() == 2);

        remote.admit();
        assertThat(first).isCompleted();
        remote.admit();
        thread.get(30, TimeUnit.SECONDS);

        assertThat(got.get()).isTrue();
    }

    @Test
    void whoDoesNotWantToWaitIsRefusedWithTheOneBeforeWhoDoes() throws Exception {
        var got = new AtomicReference<Boolean>();
        CompletableFuture<Duration> first = far.acquireAsync();
        CompletableFuture<Void> thread = Background.run(() -> got.set(far.tryAcquire()));
        Eventually.until("both are in the line", () -> far.stats().waiting() == 2);

        remote.answer(false, ofSeconds(3));
        thread.get(30, TimeUnit.SECONDS);

        assertThat(got.get()).isFalse();
        assertThat(first).isNotDone();
        assertThat(far.peek()).isEqualTo(ofSeconds(3));
        assertThat(far.stats()).isEqualTo(new RateLimitStats(0, 1, 0, 0, 1, -1, Duration.ZERO));
    }

    @Test
    void whoIsRefusedAndDoesNotWaitLeavesTheNextItsQuestion() throws Exception {
        CompletableFuture<Void> heavy =
                Background.run(() -> assertThat(far.tryAcquire(2)).isFalse());
        remote.awaitQuestion();
        CompletableFuture<Void> light =
                Background.run(() -> assertThat(far.tryAcquire(1)).isTrue());
        Eventually.until("both are in the line", () -> far.stats().waiting() == 2);

        remote.answer(false, ofSeconds(3));
        remote.awaitQuestion();
        remote.admit();

        heavy.get(30, TimeUnit.SECONDS);
        light.get(30, TimeUnit.SECONDS);
    }

    @Test
    void aTimeoutWhileTheStoreIsAskedIsARefusalAndThePermitIsGivenBack() throws Exception {
        assertThat(far.tryAcquire(ofMillis(1))).isFalse();

        remote.admit();

        assertThat(remote.givenBack).hasSize(1);
        assertThat(far.stats()).isEqualTo(new RateLimitStats(0, 1, 0, 0, 0, -1, Duration.ZERO));
    }

    @Test
    void anInterruptWhileTheStoreIsAskedGivesThePermitBack() throws Exception {
        var thread = new AtomicReference<Thread>();
        CompletableFuture<Void> waiting = Background.run(() -> {
            thread.set(Thread.currentThread());
            far.acquire();
        });
        remote.awaitQuestion();

        thread.get().interrupt();
        assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
        remote.admit();

        assertThat(remote.givenBack).hasSize(1);
        assertThat(far.stats().admitted()).isZero();
        assertThat(far.stats().cancelled()).isEqualTo(1);
    }

    @Test
    void theNextIsAskedForWhenTheFirstGivesUpBeforeItIsAskedForAgain() {
        CompletableFuture<Duration> first = far.acquireAsync(2);
        CompletableFuture<Duration> second = far.acquireAsync();
        remote.answer(false, ofHours(23));
        assertThat(remote.questions).isEmpty();

        first.cancel(false);

        remote.admit();
        assertThat(second).isCompleted();
        assertThat(time.timers()).isZero();
    }

    @Test
    void anAnswerFromBeforeARefundIsNotWaitedFor() {
        CompletableFuture<Duration> first = far.acquireAsync();
        far.refund();

        remote.answer(false, ofHours(23));

        remote.admit();
        assertThat(first).isCompleted();
    }

    @Test
    void anAnswerFromBeforeAChangeOfTheRulesIsNotWaitedFor() {
        CompletableFuture<Duration> first = far.acquireAsync();
        far.change(Rule.slidingWindow(1_000, ofSeconds(1)));

        remote.answer(false, ofHours(23));

        remote.admit();
        assertThat(first).isCompleted();
    }

    @Test
    void anAnswerByTheWallClockIsNotTrustedForLong() {
        RateLimit daily = time.builder(Rule.fixedWindow(1, ofHours(24)))
                .store(remote, "daily")
                .build();
        CompletableFuture<Duration> first = daily.acquireAsync();
        remote.answer(false, ofHours(23));
        assertThat(daily.peek()).isEqualTo(ofHours(23));

        time.advance(ofSeconds(10));

        remote.admit();
        assertThat(first).isCompletedWithValue(ofSeconds(10));
    }

    // ---- everything at once, by the real clock, with answers from other threads

    @Test
    void whateverThreadsDoNobodyIsForgottenAndNoPermitIsCountedTwice() throws Exception {
        LimitStore local = LimitStore.local(1);
        ExecutorService network = Executors.newFixedThreadPool(2);
        var counted = new AtomicLong();
        LimitStore distant = new LimitStore() {
            @Override
            public CompletionStage<Answer> take(Request request) {
                return CompletableFuture.supplyAsync(() -> local.take(request), network)
                        .thenCompose(answer -> answer)
                        .whenComplete((answer, failure) ->
                                counted.addAndGet(failure == null && answer.admitted() ? request.permits() : 0));
            }

            @Override
            public CompletionStage<Void> giveBack(Request request, Duration age) {
                counted.addAndGet(-request.permits());
                return CompletableFuture.supplyAsync(() -> local.giveBack(request, age), network)
                        .thenCompose(done -> done);
            }
        };
        RateLimit limit = RateLimit.builder(Rule.slidingWindow(5, ofMillis(2)))
                .store(distant, "distant")
                .build();
        var got = new AtomicLong();

        List<CompletableFuture<Void>> threads = IntStream.range(0, 4)
                .mapToObj(number -> Background.run(() -> {
                    for (int i = 0; i < 300; i++) {
                        got.addAndGet(use(limit, i % 4));
                    }
                }))
                .toList();
        for (CompletableFuture<Void> thread : threads) {
            thread.get(60, TimeUnit.SECONDS);
        }

        Eventually.until("all is answered", () -> limit.stats().waiting() == 0);
        Eventually.until("nothing is under way", () -> limit.stats().admitted() == got.get());
        Eventually.until("what nobody used is given back", () -> counted.get() == got.get());
        network.shutdown();
    }

    private static int use(RateLimit limit, int verb) throws Exception {
        int permits = 1 + ThreadLocalRandom.current().nextInt(5);
        switch (verb) {
            case 0 -> {
                return limit.tryAcquire(permits) ? permits : 0;
            }
            case 1 -> {
                limit.acquire(permits);
                return permits;
            }
            case 2 -> {
                return limit.tryAcquire(permits, ofMillis(1)) ? permits : 0;
            }
            default -> {
                CompletableFuture<Duration> future = limit.acquireAsync(permits);
                boolean gone = ThreadLocalRandom.current().nextBoolean() && future.cancel(false);
                return gone || future.get(30, TimeUnit.SECONDS).isNegative() ? 0 : permits;
            }
        }
    }
}
