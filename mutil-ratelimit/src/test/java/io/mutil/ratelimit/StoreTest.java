package io.mutil.ratelimit;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Limits whose books are elsewhere. */
class StoreTest {
    private static final Rule TWO = Rule.slidingWindow(2, ofSeconds(10));

    private final FakeTime time = new FakeTime();
    private final LimitStore shared = new LocalStore(10, time, time);
    private final RateLimit one = time.builder(TWO).store(shared, "key").build();
    private final RateLimit other = time.builder(TWO).store(shared, "key").build();

    @Test
    void severalLimitsShareTheBooksOfAKey() throws Exception {
        assertThat(one.tryAcquire()).isTrue();
        assertThat(other.acquire()).isZero();
        assertThat(one.tryAcquire()).isFalse();
        assertThat(time.builder(TWO).store(shared, "another").build().tryAcquire(2))
                .isTrue();
    }

    @Test
    void anAttemptIsAdmittedThoughTheClockGoesOnMeanwhile() throws Exception {
        RateLimit limit =
                RateLimit.builder(TWO).store(LimitStore.local(10), "key").build();

        assertThat(limit.tryAcquire()).isTrue();
        assertThat(limit.tryAcquire(1, ofSeconds(10))).isTrue();
        assertThat(limit.tryAcquire()).isFalse();
    }

    @Test
    void whoWaitsIsAdmittedWhenTheStoreHasRoom() {
        one.tryAcquire(2);

        CompletableFuture<Duration> first = other.acquireAsync();
        CompletableFuture<Duration> second = other.acquireAsync(2);
        assertThat(other.peek()).isEqualTo(ofSeconds(10));
        time.advance(ofSeconds(10));

        assertThat(first).isCompletedWithValue(ofSeconds(10));
        assertThat(second).isNotDone();
        time.advance(ofSeconds(10));
        assertThat(second).isCompletedWithValue(ofSeconds(20));
    }

    @Test
    void nobodyOvertakesWhoWaits() {
        one.tryAcquire();
        CompletableFuture<Duration> both = one.acquireAsync(2);

        assertThat(one.tryAcquire()).isFalse();
        assertThat(both).isNotDone();
        assertThat(one.stats()).isEqualTo(new RateLimitStats(1, 1, 0, 0, 1, -1, Duration.ZERO));
    }

    @Test
    void whenTheFirstGivesUpTheNextIsAskedForAtOnce() {
        one.tryAcquire();
        CompletableFuture<Duration> both = one.acquireAsync(2);
        CompletableFuture<Duration> single = one.acquireAsync();

        both.cancel(false);
        time.advance(0);

        assertThat(single).isCompleted();
        assertThat(one.stats().waiting()).isZero();
    }

    @Test
    void aTimeoutLeavesTheLine() throws Exception {
        one.tryAcquire(2);

        assertThat(one.tryAcquire(ofMillis(1))).isFalse();

        assertThat(one.stats().waiting()).isZero();
        assertThat(time.timers()).isZero();
    }

    @Test
    void aRefundReachesTheStore() {
        one.tryAcquire(2);

        other.refund();

        assertThat(one.tryAcquire()).isTrue();
        assertThat(one.tryAcquire()).isFalse();
    }

    @Test
    void changedRulesGoWithTheNextRequest() {
        one.tryAcquire(2);

        one.change(Rule.slidingWindow(3, ofSeconds(10)));

        assertThat(one.tryAcquire()).isTrue();
        assertThat(one.tryAcquire()).isFalse();
        assertThat(one.rules()).containsExactly(Rule.slidingWindow(3, ofSeconds(10)));
    }

    @Test
    void theServersWordHoldsHereToo() {
        one.observe(429, Map.of("Retry-After", List.of("30")));
        CompletableFuture<Duration> held = one.acquireAsync();

        assertThat(one.tryAcquire()).isFalse();
        assertThat(one.stats().held()).isEqualTo(ofSeconds(30));
        time.advance(ofSeconds(30));

        assertThat(held).isCompletedWithValue(ofSeconds(30));
    }

    @Test
    void moreThanMaxWaitersAreRefused() {
        RateLimit small = time.builder(TWO).store(shared, "key").maxWaiters(1).build();
        one.tryAcquire(2);
        var unused = small.acquireAsync();

        assertThatThrownBy(small::acquire)
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageStartingWith("1 callers wait already, as many as maxWaiters allows");
    }

    @Test
    void nothingIsReservedInAStore() {
        assertThatThrownBy(one::reserve)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("a limit whose books are in a store reserves nothing; use acquireAsync, or a limit without"
                        + " a store");
    }

    @Test
    void aLineOfManyIsServedInOneGo() {
        RateLimit wide = time.builder(Rule.slidingWindow(9_000, ofSeconds(1)))
                .store(shared, "wide")
                .build();
        wide.tryAcquire(9_000);
        List<CompletableFuture<Duration>> waiting = new ArrayList<>();
        for (int i = 0; i < 9_000; i++) {
            waiting.add(wide.acquireAsync());
        }

        time.advance(ofSeconds(1));

        assertThat(waiting).allMatch(CompletableFuture::isDone);
    }

    @Test
    void futuresFailWhenTheSchedulerTakesNoTimers() {
        one.tryAcquire(2);
        time.shutdown();

        assertThat(one.acquireAsync()).isCompletedExceptionally();
        assertThat(one.stats().waiting()).isZero();
    }

    @Test
    void whatDependsOnAFutureMayAskForAPermitOfTheSameLimit() throws Exception {
        one.tryAcquire(2);
        var got = new ArrayList<Boolean>();
        CompletableFuture<Void> later =
                one.acquireAsync().thenRun(() -> got.addAll(List.of(one.tryAcquire(), one.tryAcquire())));
        Background.run(() -> time.advance(ofSeconds(10))).get(30, TimeUnit.SECONDS);
        time.advance(ofSeconds(10));

        CompletableFuture<Void> atOnce = one.acquireAsync().thenRun(() -> got.add(one.tryAcquire()));

        assertThat(List.of(later, atOnce)).allMatch(CompletableFuture::isDone);
        assertThat(got).containsExactly(true, false, true);
    }

    @Test
    void aLineOfManyWhoseFuturesAskAgainDoesNotPileUpCalls() {
        RateLimit wide = time.builder(Rule.slidingWindow(9_000, ofSeconds(1)))
                .store(shared, "wide")
                .build();
        wide.tryAcquire(9_000);
        List<CompletableFuture<Duration>> again = new ArrayList<>();
        for (int i = 0; i < 9_000; i++) {
            again.add(wide.acquireAsync().thenCompose(waited -> wide.acquireAsync()));
        }

        time.advance(ofSeconds(2));

        assertThat(again).allMatch(CompletableFuture::isDone);
    }

    /** Such as one of the scheduler, which then runs nothing else. */
    @Test
    void anAttemptThatComesWhileTheStoreIsAskedForSomebodyElseNeedsNoSchedulerForItsTurn() throws Exception {
        var attempts = new ArrayList<CompletableFuture<Void>>();
        var got = new AtomicReference<Boolean>();
        var limit = new AtomicReference<RateLimit>();
        LimitStore joined = new Generous(() -> {
            if (attempts.isEmpty()) {
                attempts.add(Background.run(() -> got.set(limit.get().tryAcquire())));
                Eventually.until(
                        "both are in the line", () -> limit.get().stats().waiting() == 2);
            }
        });
        limit.set(time.builder(TWO).store(joined, "").build());

        assertThat(limit.get().tryAcquire()).isTrue();
        attempts.get(0).get(30, TimeUnit.SECONDS);

        assertThat(got.get()).isTrue();
        assertThat(time.timers()).isZero();
    }

    @Test
    void anAttemptDoesNotWaitBehindWhoWaitsForTheServer() throws Exception {
        one.observe(200, Map.of("RateLimit-Remaining", List.of("1"), "RateLimit-Reset", List.of("3600")));
        CompletableFuture<Duration> heavy = one.acquireAsync(2);
        var got = new AtomicReference<Boolean>();

        Background.run(() -> got.set(one.tryAcquire())).get(30, TimeUnit.SECONDS);

        assertThat(got.get()).isFalse();
        assertThat(one.peek()).isEqualTo(ofMinutes(60));
        assertThat(heavy).isNotDone();
        time.advance(ofMinutes(60));
        assertThat(heavy).isCompleted();
    }

    @Test
    void anAttemptDoesNotWaitForATimerThatIsLate() throws Exception {
        one.tryAcquire(2);
        var unused = one.acquireAsync();
        time.stall(ofSeconds(11));
        var got = new AtomicReference<Boolean>();

        Background.run(() -> got.set(one.tryAcquire())).get(30, TimeUnit.SECONDS);

        assertThat(got.get()).isFalse();
    }

    /** Somebody joins while the store is asked for somebody else, whose thread is not there for both. */
    @Test
    void whoHasItsPermitLeavesThoseBehindToTheScheduler() {
        var behind = new ArrayList<CompletableFuture<Duration>>();
        var asked = new AtomicInteger();
        var limit = new AtomicReference<RateLimit>();
        LimitStore joined = new Generous(() -> {
            if (asked.incrementAndGet() == 1) {
                behind.add(limit.get().acquireAsync());
            }
        });
        limit.set(time.builder(TWO).store(joined, "").build());

        assertThat(limit.get().tryAcquire()).isTrue();

        assertThat(asked).hasValue(1);
        time.advance(0);
        assertThat(asked).hasValue(2);
        assertThat(behind.get(0)).isCompleted();
    }

    @Test
    void aRefundWakesWhoWaits() {
        one.tryAcquire(2);
        CompletableFuture<Duration> next = one.acquireAsync();

        one.refund();
        time.advance(0);

        assertThat(next).isCompleted();
        assertThat(time.timers()).isZero();
    }

    @Test
    void aChangeOfTheRulesWakesWhoWaitsAndRefusesWhoWaitsForTooMuch() {
        one.tryAcquire(2);
        CompletableFuture<Duration> heavy = one.acquireAsync(2);
        CompletableFuture<Duration> light = one.acquireAsync();

        one.change(Rule.slidingWindow(1, ofSeconds(3)));
        time.advance(0);

        assertThatThrownBy(heavy::join)
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining(
                        "the rules were changed, and now allow at most 1 permits at once; asked for were 2");
        assertThat(light).isNotDone();
        time.advance(ofSeconds(3));
        assertThat(light).isCompleted();
        assertThatThrownBy(() -> one.tryAcquire(2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aWeightThatIsTooHeavyIsRefusedWithoutAQuestion() {
        String why = "permits must be at most 2, which is all that the rules ever allow at once, was 3";

        assertThatThrownBy(() -> one.tryAcquire(3)).hasMessage(why);
        assertThatThrownBy(() -> one.tryAcquire(3, ofSeconds(1))).hasMessage(why);
        assertThatThrownBy(() -> one.acquire(3)).hasMessage(why);
        assertThatThrownBy(() -> one.acquireAsync(3)).hasMessage(why);
        assertThatThrownBy(() -> one.peek(3)).hasMessage(why);
    }

    @Test
    void aMarginThatIsTooWideIsRefusedHereToo() {
        RateLimitBuilder wide = time.builder(Rule.fixedWindow(3, ofSeconds(1)))
                .margin(ofMillis(251))
                .store(shared, "key");

        assertThatThrownBy(wide::build).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whoIsInterruptedBeforeItAsksGetsNothing() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(one::acquire).isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> one.tryAcquire(ofSeconds(1))).isInstanceOf(InterruptedException.class);

        assertThat(Thread.interrupted()).isFalse();
        assertThat(one.tryAcquire(2)).isTrue();
    }

    @Test
    void aTimeoutThatIsTooShortIsRefusedWithoutAWait() throws Exception {
        one.tryAcquire(2);
        var unused = one.acquireAsync();

        assertThat(one.tryAcquire(ofSeconds(9))).isFalse();

        assertThat(one.stats()).isEqualTo(new RateLimitStats(2, 1, 0, 0, 1, -1, Duration.ZERO));
    }

    @Test
    void whoeverHoldsAForgottenLimitJoinsTheLineOfItsSuccessor() {
        KeyedRateLimit<String> keys =
                time.builder(TWO).store(shared, "keys").maxWaiters(2).keyed(1);
        RateLimit held = keys.of("a");
        keys.of("b").tryAcquire();
        RateLimit current = keys.of("a");
        assertThat(current).isNotSameAs(held);
        current.tryAcquire(2);

        var unused = List.of(current.acquireAsync(), held.acquireAsync());

        assertThat(held.acquireAsync()).isCompletedExceptionally();
        assertThat(current.stats().waiting()).isEqualTo(2);
        assertThat(held.tryAcquire()).isFalse();
        held.observe(429, Map.of("Retry-After", List.of("60")));
        assertThat(current.stats()).isEqualTo(held.stats());
        assertThat(current.stats().held()).isEqualTo(ofMinutes(1));
        held.change(Rule.slidingWindow(5, ofSeconds(1)));
        assertThat(current.rules()).isEqualTo(held.rules());
    }

    /** Admits everybody, after something has happened. */
    private record Generous(Runnable before) implements LimitStore {
        @Override
        public CompletionStage<Answer> take(Request request) {
            before.run();
            return CompletableFuture.completedFuture(new Answer(true, Duration.ZERO));
        }

        @Override
        public CompletionStage<Void> giveBack(Request request, Duration age) {
            throw new AssertionError("nobody is gone");
        }
    }
}
