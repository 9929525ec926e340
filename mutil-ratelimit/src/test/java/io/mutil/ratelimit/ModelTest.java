package io.mutil.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Random programs in virtual time: who gets a permit, and when, is what plain lists say. */
class ModelTest {
    private static final long SPAN = 1_000;

    @Property(tries = 1_000)
    void everybodyIsAdmittedWhenTheListsSay(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int limit) {
        new Run(new Random(seed), limit).run(150);
    }

    /** Timers that are late, whole pauses of the machine included: what counts is when permits were handed out. */
    @Property(tries = 300)
    void lateTimersNeverCrowdAWindow(@ForAll long seed, @ForAll @IntRange(min = 1, max = 10) int limit) {
        var random = new Random(seed);
        var time = new FakeTime();
        RateLimit rate = time.limit(Rule.slidingWindow(limit, Duration.ofNanos(SPAN)));
        List<Long> admitted = Collections.synchronizedList(new ArrayList<>());

        for (int i = 0; i < 200; i++) {
            if (random.nextInt(3) > 0) {
                int permits = 1 + random.nextInt(limit);
                var unused = rate.acquireAsync(permits)
                        .thenRun(() -> admitted.addAll(Collections.nCopies(permits, time.getAsLong())));
            }
            if (random.nextInt(4) == 0) {
                time.stall(Duration.ofNanos(random.nextInt(3 * (int) SPAN)));
            }
            time.advance(random.nextInt(300));
        }

        assertNoWindowHoldsMoreThan(limit, admitted);
    }

    static void assertNoWindowHoldsMoreThan(int limit, List<Long> admitted) {
        for (int i = limit; i < admitted.size(); i++) {
            assertThat(admitted.get(i) - admitted.get(i - limit)).isGreaterThanOrEqualTo(SPAN);
        }
    }

    private static final class Run {
        private final Random random;
        private final FakeTime time = new FakeTime();
        private final long start = time.getAsLong();
        private final RateLimit limit;
        private final WindowModel model;
        private final List<Future> futures = new ArrayList<>();
        private final List<Reserved> reserved = new ArrayList<>();

        private record Future(CompletableFuture<Duration> future, List<Long> admitted, WindowModel.Waiting expected) {}

        private record Reserved(Reservation place, WindowModel.Waiting expected) {}

        Run(Random random, int limit) {
            this.random = random;
            this.limit = time.limit(Rule.slidingWindow(limit, Duration.ofNanos(SPAN)));
            model = new WindowModel(limit, SPAN);
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                step(random.nextInt(100));
                compare();
            }
            // nobody waits for ever
            advance(SPAN * 10_000);
            compare();
            assertThat(limit.stats().waiting()).isZero();
        }

        private int permits() {
            return random.nextInt(4) == 0 ? 1 + random.nextInt(model.limit) : 1;
        }

        private void step(int dice) {
            if (dice < 30) {
                int permits = permits();
                assertThat(limit.tryAcquire(permits)).isEqualTo(model.tryTake(permits));
            } else if (dice < 50) {
                join(permits());
            } else if (dice < 58) {
                int permits = permits();
                reserved.add(new Reserved(limit.reserve(permits), model.join(permits, true)));
            } else if (dice < 66) {
                cancelFuture();
            } else if (dice < 70) {
                cancelReservation();
            } else if (dice < 74) {
                int permits = permits();
                limit.refund(permits, Duration.ZERO);
                model.refund(permits);
            } else if (dice < 76) {
                change(1 + random.nextInt(40));
            } else {
                advance(random.nextInt(random.nextInt(5) == 0 ? 2 * (int) SPAN : 100));
            }
        }

        private void join(int permits) {
            WindowModel.Waiting expected = model.join(permits, false);
            var admitted = new ArrayList<Long>();
            CompletableFuture<Duration> future = limit.acquireAsync(permits);
            var unused = future.thenRun(() -> admitted.add(time.getAsLong() - start));
            futures.add(new Future(future, admitted, expected));
        }

        private void cancelFuture() {
            List<Future> open = futures.stream().filter(f -> !f.future.isDone()).toList();
            if (!open.isEmpty()) {
                Future gone = open.get(random.nextInt(open.size()));
                gone.future.cancel(false);
                model.leave(gone.expected);
                time.advance(0);
            }
        }

        private void cancelReservation() {
            if (reserved.isEmpty()) {
                return;
            }
            Reserved gone = reserved.remove(random.nextInt(reserved.size()));
            boolean refused = !model.line.contains(gone.expected) && gone.expected.admitted == null;
            assertThat(gone.place.cancel()).isEqualTo(!refused);
            assertThat(gone.place.cancel()).isFalse();
            Long admitted = gone.expected.admitted;
            if (admitted != null) {
                model.uncount(admitted, gone.place.permits());
            } else {
                model.leave(gone.expected);
            }
            time.advance(0);
        }

        private void change(int newLimit) {
            limit.change(Rule.slidingWindow(newLimit, Duration.ofNanos(SPAN)));
            List<WindowModel.Waiting> tooHeavy = model.change(newLimit);
            time.advance(0);
            futures.stream()
                    .filter(future -> tooHeavy.contains(future.expected))
                    .forEach(future -> assertThat(future.future).isCompletedExceptionally());
        }

        private void advance(long by) {
            time.advance(by);
            model.advance(model.now + by);
        }

        private void compare() {
            time.advance(0);
            for (Future future : futures) {
                Long expected = future.expected.admitted;
                assertThat(future.admitted).isEqualTo(expected == null ? List.of() : List.of(expected));
            }
            for (Reserved each : reserved) {
                Long due = each.expected.admitted != null ? each.expected.admitted : each.expected.promised;
                if (due != null) {
                    assertThat(each.place.timeToWait().toNanos()).isEqualTo(Math.max(0, due - model.now));
                }
            }
            assertThat(limit.stats().waiting()).isEqualTo(model.waiting());
        }
    }
}
