package io.mutil.ratelimit;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Everything at once, by the real clock. */
class StressTest {
    private static final int THREADS = 6;
    private static final int PERMITS = 5;
    private static final Duration SPAN = ofMillis(2);

    /** Permits that were counted between two times. */
    private record Taken(long from, long to, int permits) {}

    /** However long the calls took, so many permits cannot have been counted in less than the span. */
    private static void assertFit(Collection<Taken> counted, int limit, Duration span) {
        long[] from = sorted(counted, Taken::from);
        long[] to = sorted(counted, Taken::to);
        for (int i = limit; i < to.length; i++) {
            assertThat(to[i] - from[i - limit]).isGreaterThanOrEqualTo(span.toNanos());
        }
    }

    private static long[] sorted(Collection<Taken> counted, ToLongFunction<Taken> time) {
        return counted.stream()
                .flatMapToLong(taken ->
                        LongStream.generate(() -> time.applyAsLong(taken)).limit(taken.permits))
                .sorted()
                .toArray();
    }

    /** Remembers what it told each thread last: permits were counted then, or by an attempt that does not wait a little later. */
    private static final class RecordingClock implements LongSupplier {
        private final ThreadLocal<Long> last = new ThreadLocal<>();

        @Override
        public long getAsLong() {
            long now = System.nanoTime();
            last.set(now);
            return now;
        }

        long last() {
            return last.get();
        }

        Taken waited(int permits) {
            return new Taken(last(), last(), permits);
        }

        Taken tried(int permits) {
            return new Taken(last(), System.nanoTime(), permits);
        }
    }

    @Test
    void noWindowIsOverfullWhateverThreadsDo() throws Exception {
        var clock = new RecordingClock();
        RateLimit real = RateLimit.builder(Rule.slidingWindow(PERMITS, SPAN))
                .nanoTime(clock)
                .build();
        var got = new AtomicInteger();
        var stop = new AtomicBoolean();
        var counted = new ConcurrentLinkedQueue<Taken>();
        Consumer<Taken> count = taken -> {
            got.addAndGet(taken.permits);
            counted.add(taken);
        };

        Stream<CompletableFuture<Void>> threads = IntStream.range(0, THREADS)
                .mapToObj(number -> Background.run(() -> {
                    while (!stop.get()) {
                        use(real, number, clock, count);
                    }
                }));
        List<CompletableFuture<Void>> running = threads.toList();
        Eventually.until("much was handed out", () -> got.get() > 1_000);
        stop.set(true);
        for (CompletableFuture<Void> thread : running) {
            thread.get(30, TimeUnit.SECONDS);
        }
        Eventually.until("nobody waits", () -> real.stats().waiting() == 0);

        assertFit(counted, PERMITS, SPAN);
        assertThat(real.stats().admitted()).isEqualTo(got.get());
    }

    /** Each round has one future that waits for a day, unless it learns of the room that each of two threads makes. */
    @Test
    void aWakeUpIsNotLostBetweenThreadsThatMakeRoom() throws Exception {
        for (int round = 0; round < 300; round++) {
            RateLimit real = RateLimit.of(2, Duration.ofDays(1));
            real.tryAcquire();
            Reservation place = real.reserve();
            var future = new AtomicReference<CompletableFuture<Duration>>();
            List<CompletableFuture<Void>> threads = List.of(
                    Background.run(() -> future.set(real.acquireAsync(2))),
                    Background.run(real::refund),
                    Background.run(place::cancel));

            for (CompletableFuture<Void> thread : threads) {
                thread.get(30, TimeUnit.SECONDS);
            }

            Eventually.until("it is completed", future.get()::isDone);
        }
    }

    /** Keys are forgotten all the time while limits of them are in use. */
    @Test
    void noWindowOfAKeyIsOverfullThoughItsLimitIsForgotten() throws Exception {
        var clock = new RecordingClock();
        KeyedRateLimit<Integer> keys = RateLimit.builder(Rule.slidingWindow(1, ofMillis(1)))
                .nanoTime(clock)
                .keyed(2);
        var times = new ConcurrentLinkedQueue<Taken>();
        var stop = new AtomicBoolean();
        List<CompletableFuture<Void>> threads = IntStream.range(0, 4)
                .mapToObj(number -> Background.run(() -> {
                    RateLimit held = null;
                    for (int i = 0; !stop.get(); i++) {
                        try {
                            held = held == null || i % 50 == 0 ? keys.of(0) : held;
                            if (held.tryAcquire()) {
                                times.add(clock.tried(1));
                            }
                            keys.of(1 + ThreadLocalRandom.current().nextInt(5)).tryAcquire();
                        } catch (RejectedExecutionException e) {
                            // the keys are in use
                        }
                    }
                }))
                .toList();
        Eventually.until("much was handed out", () -> times.size() > 300);
        stop.set(true);
        for (CompletableFuture<Void> thread : threads) {
            thread.get(30, TimeUnit.SECONDS);
        }

        assertFit(times, 1, ofMillis(1));
    }

    /** The others ask for more than there is room for, and have everybody refused without the lock as often as they can. */
    @Test
    void aRefusalIsNeverOlderThanARefundThatCameBack() throws Exception {
        RateLimit real = RateLimit.of(2, Duration.ofDays(1));
        real.tryAcquire(2);
        var stop = new AtomicBoolean();
        List<CompletableFuture<Void>> others = IntStream.range(0, 2)
                .mapToObj(number -> Background.run(() -> {
                    while (!stop.get()) {
                        assertThat(real.tryAcquire(2)).isFalse();
                    }
                }))
                .toList();

        for (int i = 0; i < 20_000; i++) {
            real.refund();
            assertThat(real.tryAcquire()).isTrue();
            assertThat(real.tryAcquire()).isFalse();
        }

        stop.set(true);
        for (CompletableFuture<Void> other : others) {
            other.get(30, TimeUnit.SECONDS);
        }
    }

    private static void use(RateLimit limit, int number, RecordingClock clock, Consumer<Taken> count) throws Exception {
        int permits = 1 + ThreadLocalRandom.current().nextInt(PERMITS);
        switch (number % 3) {
            case 0 -> {
                if (limit.tryAcquire(permits)) {
                    count.accept(clock.tried(permits));
                }
            }
            case 1 -> {
                limit.acquire(permits);
                count.accept(clock.waited(permits));
            }
            default -> {
                if (limit.tryAcquire(permits, ofMillis(3))) {
                    count.accept(clock.waited(permits));
                }
            }
        }
    }

    @Test
    void aStormOfCancellationsLosesNoPermitAndNoWakeUp() throws Exception {
        RateLimit real = RateLimit.of(PERMITS, SPAN);
        var completed = new AtomicInteger();
        List<CompletableFuture<Void>> threads = IntStream.range(0, 4)
                .mapToObj(number -> Background.run(() -> {
                    List<CompletableFuture<Duration>> futures = new ArrayList<>();
                    for (int i = 0; i < 1_000; i++) {
                        futures.add(real.acquireAsync());
                        if (ThreadLocalRandom.current().nextInt(100) > 2) {
                            int victim = ThreadLocalRandom.current().nextInt(futures.size());
                            futures.get(victim).cancel(false);
                        }
                    }
                    for (CompletableFuture<Duration> future : futures) {
                        Eventually.until("admitted or cancelled", future::isDone);
                        completed.addAndGet(future.isCancelled() ? 0 : 1);
                    }
                }))
                .toList();

        for (CompletableFuture<Void> thread : threads) {
            thread.get(60, TimeUnit.SECONDS);
        }

        RateLimitStats stats = real.stats();
        assertThat(stats.waiting()).isZero();
        assertThat(stats.admitted()).isEqualTo(completed.get());
        assertThat(stats.admitted() + stats.cancelled()).isEqualTo(4_000);
    }
}
