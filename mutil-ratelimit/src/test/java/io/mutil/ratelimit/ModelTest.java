package io.mutil.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Random programs in virtual time: who gets a permit, and when, is what plain lists say. */
class ModelTest {
    private static final long SPAN = 1_000;

    @Property(tries = 300)
    void everybodyIsAdmittedWhenTheListsSay(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int limit)
            throws Exception {
        new Run(new Random(seed), new WindowModel.Window(limit, SPAN)).run(150);
    }

    @Property(tries = 100)
    void everybodyIsAdmittedInTheWindowsThatTheListsSay(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int limit) throws Exception {
        new Run(new Random(seed), new WindowModel.Fixed(limit, SPAN)).run(150);
    }

    @Property(tries = 100)
    void severalWindowsHoldTogether(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int limit)
            throws Exception {
        var random = new Random(seed);
        new Run(
                        random,
                        new WindowModel.Window(limit, SPAN),
                        new WindowModel.Fixed(1 + random.nextInt(2 * limit), SPAN * 4),
                        new WindowModel.Window(1 + random.nextInt(limit), SPAN / 7))
                .run(150);
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

        Run(Random random, WindowModel.Window... windows) {
            this.random = random;
            limit = time.limit(Stream.of(windows).map(WindowModel.Window::rule).toArray(Rule[]::new));
            model = new WindowModel(windows);
        }

        void run(int steps) throws InterruptedException {
            for (int i = 0; i < steps; i++) {
                step(random.nextInt(100));
                compare();
            }
            // nobody waits for ever
            advance(SPAN * 100_000);
            compare();
            assertThat(limit.stats().waiting()).isZero();
        }

        private int permits() {
            return random.nextInt(4) == 0 ? 1 + random.nextInt(model.most()) : 1;
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
            } else if (dice < 64) {
                cancelFuture();
            } else if (dice < 68) {
                cancelReservation();
            } else if (dice < 72) {
                int permits = permits();
                limit.refund(permits, Duration.ZERO);
                model.refund(permits);
            } else if (dice < 74) {
                change(1 + random.nextInt(40));
            } else if (dice < 75) {
                hold(random.nextInt(2 * (int) SPAN));
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
            }
        }

        private void cancelReservation() {
            if (reserved.isEmpty()) {
                return;
            }
            Reserved gone = reserved.remove(random.nextInt(reserved.size()));
            assertThat(gone.place.cancel()).isEqualTo(!gone.expected.refused);
            assertThat(gone.place.cancel()).isFalse();
            Long admitted = gone.expected.admitted;
            if (admitted != null) {
                model.uncount(admitted, gone.place.permits());
            } else {
                model.leave(gone.expected);
            }
        }

        /** With several rules it depends on which of them knows most. */
        private void change(int newLimit) {
            if (model.windows.size() == 1) {
                model.change(newLimit);
                limit.change(model.windows.get(0).rule());
            }
        }

        private void hold(int nanos) {
            limit.observe(503, Map.of("Retry-After", List.of("0.%09d".formatted(nanos))));
            model.hold(model.now + nanos);
        }

        private void advance(long by) {
            time.advance(by);
            model.advance(model.now + by);
        }

        private void compare() throws InterruptedException {
            time.advance(0);
            for (Future future : futures) {
                Long expected = future.expected.admitted;
                assertThat(future.admitted).isEqualTo(expected == null ? List.of() : List.of(expected));
                assertThat(future.future.isDone() && future.admitted.isEmpty())
                        .isEqualTo(future.future.isCancelled() || future.expected.refused);
            }
            List<Long> dues = model.dues();
            for (Reserved each : reserved) {
                int place = model.line.indexOf(each.expected);
                if (each.expected.refused) {
                    assertThatThrownBy(each.place::timeToWait).isInstanceOf(IllegalStateException.class);
                } else {
                    long wait = place < 0 ? 0 : dues.get(place) - model.now;
                    assertThat(each.place.timeToWait()).isEqualTo(Duration.ofNanos(wait));
                }
            }
            int permits = permits();
            long wait = model.dueAtEnd(permits) - model.now;
            assertThat(limit.peek(permits)).isEqualTo(Duration.ofNanos(wait));
            assertThat(wait > 0 && limit.tryAcquire(permits, Duration.ofNanos(wait - 1)))
                    .isFalse();
            assertThat(limit.stats().waiting()).isEqualTo(model.line.size());
        }
    }
}
