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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Real threads, with a clock that stands still. */
class ThreadsTest {
    private final FakeTime time = new FakeTime();
    /** Short enough for a thread that sleeps by the real clock to look at this one soon. */
    private final RateLimit limit = time.limit(Rule.slidingWindow(1, ofMillis(5)));

    private void awaitWaiting(int count) {
        Eventually.until(count + " callers wait", () -> limit.stats().waiting() == count);
    }

    @Test
    void aThreadSleepsUntilItsTurnAndKnowsForHowLong() throws Exception {
        limit.tryAcquire();
        var waited = new AtomicReference<Duration>();
        CompletableFuture<Void> thread = Background.run(() -> waited.set(limit.acquire()));
        awaitWaiting(1);

        time.advance(ofMillis(5));
        thread.get(30, TimeUnit.SECONDS);

        assertThat(waited.get()).isEqualTo(ofMillis(5));
        assertThat(limit.acquireAsync()).isNotDone();
    }

    @Test
    void threadsGoInOrderOfArrival() throws Exception {
        limit.tryAcquire();
        var order = new ConcurrentLinkedQueue<Integer>();
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            threads.add(Background.run(() -> {
                limit.acquire();
                order.add(number);
            }));
            awaitWaiting(i + 1);
        }

        for (int i = 0; i < 5; i++) {
            int left = 4 - i;
            time.advance(ofMillis(5));
            awaitWaiting(left);
            Eventually.until("one more is through", () -> order.size() == 5 - left);
        }

        assertThat(order).containsExactly(0, 1, 2, 3, 4);
        assertThat(threads).allSatisfy(thread -> thread.get(30, TimeUnit.SECONDS));
    }

    @Test
    void anInterruptLeavesTheLineAndUsesNoPermit() throws Exception {
        limit.tryAcquire();
        var first = new AtomicReference<Thread>();
        CompletableFuture<Void> interrupted = Background.run(() -> {
            first.set(Thread.currentThread());
            limit.acquire();
        });
        awaitWaiting(1);
        CompletableFuture<Void> second = Background.run(limit::acquire);
        awaitWaiting(2);

        first.get().interrupt();

        assertThatThrownBy(() -> interrupted.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
        awaitWaiting(1);
        time.advance(ofMillis(5));
        second.get(30, TimeUnit.SECONDS);
        assertThat(limit.stats().admitted()).isEqualTo(2);
    }

    @Test
    void whoIsInterruptedBeforeItAsksGetsNothing() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(limit::acquire).isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> limit.tryAcquire(ofSeconds(1))).isInstanceOf(InterruptedException.class);

        assertThat(limit.stats().admitted()).isZero();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aTimeoutIsKeptWhenTheTurnComesLaterThanItLooked() throws Exception {
        limit.tryAcquire();
        var got = new AtomicReference<Boolean>();
        CompletableFuture<Void> thread = Background.run(() -> got.set(limit.tryAcquire(ofMillis(6))));
        awaitWaiting(1);

        limit.change(Rule.slidingWindow(1, ofMillis(9)));
        time.advance(ofMillis(6));
        thread.get(30, TimeUnit.SECONDS);

        assertThat(got.get()).isFalse();
        assertThat(limit.stats().waiting()).isZero();
        assertThat(limit.stats().refused()).isEqualTo(1);
    }

    @Test
    void aTimeoutThatIsLongEnoughGetsThePermit() throws Exception {
        limit.tryAcquire();
        var got = new AtomicReference<Boolean>();
        CompletableFuture<Void> thread = Background.run(() -> got.set(limit.tryAcquire(ofMinutes(1))));
        awaitWaiting(1);

        time.advance(ofMillis(5));
        thread.get(30, TimeUnit.SECONDS);

        assertThat(got.get()).isTrue();
    }

    @Test
    void aThreadThatWaitsForTooMuchIsToldWhenTheRulesChange() {
        limit.change(Rule.slidingWindow(2, ofMinutes(1)));
        limit.tryAcquire(2);
        CompletableFuture<Void> thread = Background.run(() -> limit.acquire(2));
        awaitWaiting(1);

        limit.change(Rule.slidingWindow(1, ofMinutes(1)));

        assertThatThrownBy(() -> thread.get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the rules were changed, and now allow at most 1 permits at once");
    }

    @Test
    void threadsAndFuturesAndReservationsWaitInOneLine() throws Exception {
        limit.tryAcquire();
        var thread = Background.run(limit::acquire);
        awaitWaiting(1);
        CompletableFuture<Duration> future = limit.acquireAsync();
        Reservation place = limit.reserve();
        CompletableFuture<Void> last = Background.run(limit::acquire);
        awaitWaiting(4);

        assertThat(place.timeToWait()).isEqualTo(ofMillis(15));
        time.advance(ofMillis(5));
        thread.get(30, TimeUnit.SECONDS);
        Eventually.until("the future has its timer", () -> time.timers() == 1);
        time.advance(ofMillis(5));
        assertThat(future).isCompletedWithValue(ofMillis(10));
        assertThat(place.timeToWait()).isEqualTo(ofMillis(5));
        time.advance(ofMillis(10));
        last.get(30, TimeUnit.SECONDS);
    }

    @Test
    void futuresHaveNoThreadsOfTheirOwn() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        RateLimit shared = RateLimit.of(1, Duration.ofHours(1));
        shared.tryAcquire();
        List<CompletableFuture<Duration>> waiting = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            waiting.add(shared.acquireAsync());
        }

        Set<Thread> after = new HashSet<>(Thread.getAllStackTraces().keySet());
        assertThat(after).anyMatch(thread -> thread.getName().equals("mutil-ratelimit") && thread.isDaemon());
        after.removeAll(before);
        // a few may be the JVM's
        assertThat(after).hasSizeLessThan(5);
        waiting.forEach(future -> future.cancel(false));
        assertThat(shared.stats().waiting()).isZero();
    }
}
