package io.mutil.ratelimit;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Limits whose books are elsewhere. */
class StoreTest {
    private static final Rule TWO = Rule.slidingWindow(2, ofSeconds(10));

    private final FakeTime time = new FakeTime();
    private final LimitStore shared = new LocalStore(10, time);
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

    /** Answers when the test does. */
    private static final class Remote implements LimitStore {
        private final ArrayDeque<CompletableFuture<Answer>> questions = new ArrayDeque<>();
        private final List<Request> givenBack = new ArrayList<>();

        @Override
        public CompletionStage<Answer> take(Request request) {
            var answer = new CompletableFuture<Answer>();
            questions.add(answer);
            return answer;
        }

        @Override
        public CompletionStage<Void> giveBack(Request request, Duration age) {
            givenBack.add(request);
            return CompletableFuture.completedFuture(null);
        }

        void answer(boolean admitted, Duration retryAfter) {
            questions.remove().complete(new Answer(admitted, retryAfter));
        }
    }

    private final Remote remote = new Remote();
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
        gone.cancel(false);

        remote.answer(true, Duration.ZERO);

        assertThat(remote.givenBack).containsExactly(new LimitStore.Request("far", List.of(TWO), ofMillis(20), 2));
    }

    @Test
    void aStoreThatFailsLetsNobodyThrough() {
        CompletableFuture<Duration> first = far.acquireAsync();
        CompletableFuture<Duration> second = far.acquireAsync();

        remote.questions.remove().completeExceptionally(new IOException("gone"));
        remote.questions.remove().completeExceptionally(new IllegalArgumentException("odd"));

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
    void futuresFailWhenTheSchedulerTakesNoTimers() {
        one.tryAcquire(2);
        time.shutdown();

        assertThat(one.acquireAsync()).isCompletedExceptionally();
        assertThat(one.stats().waiting()).isZero();
    }
}
