package io.mutil.ratelimit;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One limit in virtual time. */
class RateLimitTest {
    private final FakeTime time = new FakeTime();
    private final RateLimit limit = time.limit(Rule.slidingWindow(2, ofSeconds(10)));

    @Test
    void admitsAgainWhenTheOldestPermitLeavesTheWindow() {
        limit.tryAcquire();
        time.advance(ofSeconds(4));
        limit.tryAcquire();

        time.advance(ofSeconds(6));

        assertThat(limit.tryAcquire()).isTrue();
        assertThat(limit.tryAcquire()).isFalse();
    }

    @Test
    void refusesUntilTheLastNanosecond() {
        limit.tryAcquire(2);

        time.advance(ofSeconds(10).minusNanos(1));

        assertThat(limit.tryAcquire()).isFalse();
        time.advance(1);
        assertThat(limit.tryAcquire(2)).isTrue();
    }

    /** It reads the clock, is put aside, and comes after what others did with a later time. */
    @Test
    void whoReadsTheClockBeforeOthersAndComesAfterThemIsCountedAfterThem() {
        var now = new AtomicLong();
        var aside = new AtomicReference<Runnable>(() -> {});
        RateLimit slow = RateLimit.builder(Rule.slidingWindow(1, ofSeconds(10)))
                .nanoTime(() -> {
                    long read = now.get();
                    aside.getAndSet(() -> {}).run();
                    return read;
                })
                .build();

        aside.set(() -> {
            now.set(ofSeconds(5).toNanos());
            assertThat(slow.tryAcquire()).isTrue();
            slow.refund();
        });

        assertThat(slow.tryAcquire()).isTrue();
        assertThat(slow.peek()).isEqualTo(ofSeconds(10));
        now.set(ofSeconds(10).toNanos());
        assertThat(slow.tryAcquire()).isFalse();
    }

    @Test
    void aWeightWaitsForRoomForAllOfIt() {
        limit.tryAcquire();
        time.advance(ofSeconds(1));

        CompletableFuture<Duration> both = limit.acquireAsync(2);
        time.advance(ofSeconds(9).minusNanos(1));

        assertThat(both).isNotDone();
        time.advance(1);
        assertThat(both).isCompletedWithValue(ofSeconds(9));
    }

    @Test
    void nobodyOvertakesWhoWaits() {
        limit.tryAcquire();
        CompletableFuture<Duration> both = limit.acquireAsync(2);

        assertThat(limit.tryAcquire()).isFalse();
        assertThat(limit.peek()).isEqualTo(ofSeconds(20));
        assertThat(both).isNotDone();
    }

    @Test
    void theMarginWidensTheWindow() {
        RateLimit wide = time.builder(Rule.slidingWindow(1, ofSeconds(1)))
                .margin(ofMillis(50))
                .build();
        wide.tryAcquire();

        time.advance(ofMillis(1_049));

        assertThat(wide.tryAcquire()).isFalse();
        time.advance(ofMillis(1));
        assertThat(wide.tryAcquire()).isTrue();
    }

    @Test
    void severalRulesCountTogetherOrNotAtAll() {
        RateLimit both = time.limit(Rule.slidingWindow(2, ofSeconds(1)), Rule.slidingWindow(3, ofMinutes(1)));

        assertThat(both.tryAcquire(2)).isTrue();
        assertThat(both.tryAcquire()).isFalse();
        time.advance(ofSeconds(1));
        assertThat(both.tryAcquire(2)).isFalse();
        assertThat(both.tryAcquire()).isTrue();
        assertThat(both.tryAcquire()).isFalse();
        assertThat(both.peek()).isEqualTo(ofSeconds(59));
    }

    @Test
    void aTimeoutThatIsTooShortIsRefusedWithoutAWait() throws Exception {
        limit.tryAcquire(2);

        assertThat(limit.tryAcquire(ofSeconds(9))).isFalse();

        assertThat(limit.stats().refused()).isEqualTo(1);
        assertThat(limit.stats().waiting()).isZero();
    }

    @Test
    void aTimeoutTakesThoseAheadIntoAccount() throws Exception {
        limit.tryAcquire(2);
        var unused = limit.acquireAsync(2);

        assertThat(limit.tryAcquire(ofSeconds(19))).isFalse();

        assertThat(limit.peek()).isEqualTo(ofSeconds(20));
    }

    @Test
    void aCancelledFutureMovesTheOthersForward() {
        limit.tryAcquire(2);
        CompletableFuture<Duration> first = limit.acquireAsync(2);
        CompletableFuture<Duration> second = limit.acquireAsync(2);

        first.cancel(false);
        time.advance(ofSeconds(10));

        assertThat(second).isCompletedWithValue(ofSeconds(10));
        assertThat(limit.stats().cancelled()).isEqualTo(1);
    }

    @Test
    void aFutureThatTimesOutLeavesTheLine() {
        limit.tryAcquire(2);

        limit.acquireAsync().completeExceptionally(new IllegalStateException("too late"));

        assertThat(limit.stats().waiting()).isZero();
        assertThat(time.timers()).isZero();
    }

    @Test
    void onlyTheFirstInTheLineHasATimer() {
        limit.tryAcquire(2);

        IntStream.range(0, 100).forEach(i -> assertThat(limit.acquireAsync()).isNotDone());

        assertThat(time.timers()).isEqualTo(1);
    }

    @Test
    void aRefundDropsTheOldestPermitOnly() {
        limit.tryAcquire();
        time.advance(ofSeconds(9));
        limit.tryAcquire();

        limit.refund();

        assertThat(limit.tryAcquire()).isTrue();
        time.advance(ofSeconds(1));
        assertThat(limit.tryAcquire()).isFalse();
        assertThat(limit.stats().refunded()).isEqualTo(1);
    }

    @Test
    void aRefundOfPermitsThatLeftTheWindowGivesNoRoom() {
        limit.tryAcquire();
        time.advance(ofSeconds(11));
        limit.tryAcquire(2);

        limit.refund(1, ofSeconds(11));

        assertThat(limit.tryAcquire()).isFalse();
    }

    @Test
    void aRefundWakesWhoWaits() {
        limit.tryAcquire(2);
        CompletableFuture<Duration> next = limit.acquireAsync();

        limit.refund();
        time.advance(0);

        assertThat(next).isCompletedWithValue(Duration.ZERO);
    }

    @Test
    void aLongerWindowKnowsWhatTheShorterOneHeld() {
        limit.tryAcquire(2);

        limit.change(Rule.slidingWindow(3, ofMinutes(1)));

        assertThat(limit.tryAcquire()).isTrue();
        assertThat(limit.tryAcquire()).isFalse();
        assertThat(limit.peek()).isEqualTo(ofMinutes(1));
        assertThat(limit.rules()).containsExactly(Rule.slidingWindow(3, ofMinutes(1)));
    }

    @Test
    void everyKindOfRuleTakesOverWhatAnotherKnew() {
        List<Rule> kinds = List.of(
                Rule.slidingWindow(4, ofSeconds(40)),
                Rule.fixedWindow(4, ofMinutes(1)),
                Rule.paced(1, ofSeconds(10)).withBurst(4));

        for (Rule from : kinds) {
            for (Rule to : kinds) {
                RateLimit changed = time.limit(from);
                changed.tryAcquire(3);
                changed.change(to);

                assertThat(changed.tryAcquire()).as("%s to %s", from, to).isTrue();
                assertThat(changed.tryAcquire()).as("%s to %s", from, to).isFalse();
            }
        }
    }

    @Test
    void theSameRuleTwiceIsOne() {
        Rule rule = Rule.slidingWindow(4, ofSeconds(10));

        limit.change(rule, rule);

        assertThat(limit.rules()).containsExactly(rule);
        assertThat(limit.tryAcquire(4)).isTrue();
        assertThat(limit.tryAcquire()).isFalse();
    }

    @Test
    void aChangeOfTheRulesMovesWhoWaits() {
        limit.tryAcquire(2);
        CompletableFuture<Duration> next = limit.acquireAsync();

        limit.change(Rule.slidingWindow(2, ofSeconds(3)));
        time.advance(ofSeconds(3));

        assertThat(next).isCompletedWithValue(ofSeconds(3));
    }

    @Test
    void whoWaitsForMoreThanTheNewRulesEverAllowIsRefused() {
        limit.tryAcquire(2);
        CompletableFuture<Duration> heavy = limit.acquireAsync(2);
        CompletableFuture<Duration> light = limit.acquireAsync(1);
        Reservation place = limit.reserve(2);

        limit.change(Rule.slidingWindow(1, ofSeconds(10)));
        time.advance(ofSeconds(10));

        String why = "the rules were changed, and now allow at most 1 permits at once; asked for were 2";
        assertThatThrownBy(heavy::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining(why);
        assertThatThrownBy(place::timeToWait)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(why);
        assertThat(light).isCompleted();
    }

    @Test
    void whoIsRefusedByNewRulesIsToldOnTheScheduler() {
        limit.tryAcquire(2);
        CompletableFuture<Duration> heavy = limit.acquireAsync(2);

        limit.change(Rule.slidingWindow(1, ofSeconds(10)));

        assertThat(heavy).isNotDone();
        time.advance(0);
        assertThat(heavy).isCompletedExceptionally();
    }

    @Test
    void whoIsRefusedByNewRulesIsToldAtOnceWhenTheSchedulerTakesNoMoreWork() {
        limit.tryAcquire(2);
        CompletableFuture<Duration> heavy = limit.acquireAsync(2);
        time.shutdown();

        limit.change(Rule.slidingWindow(1, ofSeconds(10)));

        assertThat(heavy).isCompletedExceptionally();
    }

    @Test
    void moreThanMaxWaitersAreRefused() {
        RateLimit small =
                time.builder(Rule.slidingWindow(1, ofSeconds(1))).maxWaiters(2).build();
        small.tryAcquire();
        var unused = List.of(small.acquireAsync(), small.reserve());
        String why = "2 callers wait already, as many as maxWaiters allows; use tryAcquire, or raise"
                + " RateLimitBuilder.maxWaiters";

        assertThatThrownBy(small::acquire)
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage(why);
        assertThatThrownBy(small::reserve)
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage(why);
        assertThatThrownBy(() -> small.tryAcquire(ofMinutes(1)))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage(why);
        assertThat(small.acquireAsync()).isCompletedExceptionally();
        assertThat(small.stats().waiting()).isEqualTo(2);
    }

    @Test
    void futuresFailWhenTheSchedulerTakesNoTimers() {
        limit.tryAcquire(2);
        List<CompletableFuture<Duration>> waiting = new ArrayList<>();
        IntStream.range(0, 9_999).forEach(i -> waiting.add(limit.acquireAsync()));

        time.shutdown();
        waiting.get(0).cancel(false);

        assertThat(waiting).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(limit.stats().waiting()).isZero();
        assertThat(limit.acquireAsync()).isCompletedExceptionally();
    }

    @Test
    void whatAFutureLeadsToMayUseTheLimit() {
        limit.tryAcquire(2);
        CompletableFuture<Duration> second = limit.acquireAsync().thenCompose(waited -> limit.acquireAsync(2));

        time.advance(ofSeconds(20));

        assertThat(second).isCompletedWithValue(ofSeconds(10));
    }

    @Test
    void whoCancelsTheNextFutureFromTheOneBeforeGetsNoPermitLost() {
        limit.tryAcquire(2);
        CompletableFuture<Duration> first = limit.acquireAsync();
        CompletableFuture<Duration> second = limit.acquireAsync();
        CompletableFuture<Duration> third = limit.acquireAsync();
        var unused = first.thenRun(() -> second.cancel(false));

        time.advance(ofSeconds(10));

        assertThat(third).isCompletedWithValue(ofSeconds(10));
        assertThat(limit.stats().admitted()).isEqualTo(4);
    }

    @Test
    void figuresTellWhatHappened() {
        limit.tryAcquire(2);
        limit.tryAcquire(2);
        var unused = limit.acquireAsync();

        assertThat(limit.stats()).isEqualTo(new RateLimitStats(2, 2, 0, 0, 1, 0, Duration.ZERO));
        time.advance(ofSeconds(10));
        assertThat(limit.stats()).isEqualTo(new RateLimitStats(3, 2, 0, 0, 0, 1, Duration.ZERO));
        assertThat(limit).hasToString("RateLimit[[SlidingWindow[permits=2, per=PT10S]], " + limit.stats() + "]");
    }

    @Test
    void manyPermitsInAWindowMakeItsRingGrow() {
        RateLimit large = time.limit(Rule.slidingWindow(1_000, ofSeconds(1)));
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(large.tryAcquire()).isTrue();
                time.advance(ofMillis(1).dividedBy(2));
            }
            assertThat(large.tryAcquire()).isFalse();
            time.advance(ofMillis(500));
        }
        assertThat(large.stats().admitted()).isEqualTo(5_000);
    }
}
