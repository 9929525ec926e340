package io.mutil.ratelimit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fixed windows whose clock jumps more than once, or right after a reset. */
class ClockJumpTest {
    private static final int LIMIT = 3;
    private static final long PER = ofMinutes(1).toNanos();

    private final FakeTime time = new FakeTime("2026-03-01T12:00:59Z");
    private final RateLimit limit = time.limit(Rule.fixedWindow(LIMIT, ofMinutes(1)));

    @Test
    void aStepBackOverAResetComesToAWindowThatIsUsed() {
        limit.tryAcquire(3);
        time.advance(ofMillis(1_500));
        assertThat(limit.peek()).isZero();

        time.jump(ofSeconds(-2));

        assertThat(limit.tryAcquire()).isFalse();
        assertThat(limit.peek()).isEqualTo(ofMillis(1_500));
        time.advance(ofMillis(1_500));
        assertThat(limit.tryAcquire(3)).isTrue();
        assertThat(limit.peek()).isEqualTo(ofMinutes(1));
    }

    @Test
    void aStepForwardCountsWhatByTheNewClockWasUsedAfterTheReset() {
        limit.tryAcquire(3);
        time.advance(ofMillis(1_500));
        assertThat(limit.peek()).isZero();

        time.jump(ofSeconds(5));

        assertThat(limit.peek()).isEqualTo(ofMillis(54_500));
    }

    @Test
    void aStepLongAfterTheResetShutsNobodyOut() {
        time.jump(ofSeconds(-14));
        limit.tryAcquire(3);
        time.advance(ofSeconds(45));
        assertThat(limit.peek()).isZero();

        time.jump(ofSeconds(2));
        assertThat(limit.peek()).isZero();
        time.jump(ofSeconds(-4));

        assertThat(limit.tryAcquire(3)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-2S", "PT1.2S"})
    void asManyStepsAsThereAreOpenNoWindowTwice(Duration second) {
        time.advance(ofMillis(3_500));
        limit.tryAcquire(3);

        time.jump(ofSeconds(-3));
        assertThat(limit.tryAcquire()).isFalse();
        time.jump(second);
        assertThat(limit.tryAcquire()).isFalse();

        // to the first full minute, if that is not over
        time.advance(ofSeconds(3));
        assertThat(limit.tryAcquire()).isFalse();
        time.advance(ofMinutes(1));
        assertThat(limit.tryAcquire(3)).isTrue();
    }

    @Test
    void whatIsUsedInAWindowThatComesAgainCountsInTheNextToo() {
        time.advance(ofMillis(3_500));
        limit.tryAcquire(1);
        time.jump(ofSeconds(-3));
        limit.tryAcquire(1);

        time.advance(ofMillis(500));

        assertThat(limit.tryAcquire(2)).isFalse();
        assertThat(limit.tryAcquire(1)).isTrue();
    }

    @Test
    void aRefundAfterAStepBackGivesRoomAtOnceAndAfterTheReset() {
        time.advance(ofMillis(3_500));
        limit.tryAcquire(3);
        time.jump(ofSeconds(-3));
        assertThat(limit.tryAcquire()).isFalse();

        limit.refund(3, Duration.ZERO);

        assertThat(limit.tryAcquire(2)).isTrue();
        time.advance(ofMillis(500));
        assertThat(limit.tryAcquire(1)).isTrue();
        assertThat(limit.tryAcquire(1)).isFalse();
    }

    @Test
    void aPauseBetweenTheTwoClocksIsNotTakenForAJump() {
        var paused = new FakeTime("2026-03-01T12:00:45Z");
        var pause = new ArrayList<Duration>();
        LongSupplier nanos = () -> {
            long now = paused.getAsLong();
            if (!pause.isEmpty()) {
                paused.stall(pause.remove(0));
            }
            return now;
        };
        RateLimit fixed = paused.builder(Rule.fixedWindow(3, ofMinutes(1)))
                .nanoTime(nanos)
                .build();
        fixed.tryAcquire(3);

        pause.add(ofSeconds(20));
        boolean got = fixed.tryAcquire(3);

        assertThat(got).isTrue();
    }

    /** Permits that were handed out at a tick. */
    private record Used(long tick, int permits) {}

    /** A window of a clock that is ahead of the ticks by so much. */
    private record Span(long offset, long number) {
        boolean touches(long tick, long margin) {
            long shown = tick + offset;
            return Math.floorDiv(shown - margin, PER) <= number && number <= Math.floorDiv(shown + margin, PER);
        }
    }

    @Property(tries = 500)
    void noWindowOfTheClockAfterAJumpOrBeforeAStepBackGetsTooMuch(@ForAll long seed) {
        var random = new Random(seed);
        new Run(random, random.nextBoolean() ? Duration.ZERO : ofMillis(random.nextInt(15_000))).run();
    }

    private static final class Run {
        private final Random random;
        private final long margin;
        private final FakeTime time = new FakeTime("2026-03-01T12:00:00Z");
        private final Ticks ticks = new Ticks(time, time);
        private final RateLimit limit;
        private final List<Used> used = new ArrayList<>();
        private final List<Span> before = new ArrayList<>();
        private long lookTick;
        private long lookOffset;

        Run(Random random, Duration margin) {
            this.random = random;
            this.margin = margin.toNanos();
            limit = time.builder(Rule.fixedWindow(LIMIT, ofMinutes(1)))
                    .margin(margin)
                    .build();
            look();
        }

        private long offset() {
            return ticks.wall() - ticks.now();
        }

        /** A refusal alone may look at no clock. */
        private void look() {
            var unused = limit.peek();
            long offset = offset();
            if (offset < lookOffset) {
                before.add(new Span(lookOffset, Math.floorDiv(lookTick + lookOffset - margin, PER)));
            }
            lookTick = ticks.now();
            lookOffset = offset;
        }

        void run() {
            for (int i = 0; i < 300; i++) {
                int dice = random.nextInt(10);
                if (dice < 1) {
                    time.jump(ofMillis(2_300L * random.nextInt(-30, 30)));
                } else if (dice < 6) {
                    time.advance(ofMillis(random.nextInt(random.nextInt(5) == 0 ? 70_000 : 5_000)));
                } else {
                    look();
                    take(1 + random.nextInt(LIMIT));
                }
            }
            look();
            assertThat(limit.peek(LIMIT)).isLessThanOrEqualTo(Duration.ofNanos(2 * PER + margin));
        }

        private void take(int permits) {
            if (!limit.tryAcquire(permits)) {
                return;
            }
            long now = ticks.now();
            used.add(new Used(now, permits));
            long offset = offset();
            assertNotTooMany(new Span(offset, Math.floorDiv(now + offset - margin, PER)), now);
            assertNotTooMany(new Span(offset, Math.floorDiv(now + offset + margin, PER)), now);
            before.forEach(span -> assertNotTooMany(span, now));
        }

        private void assertNotTooMany(Span span, long now) {
            if (span.touches(now, margin)) {
                int all = used.stream()
                        .filter(each -> span.touches(each.tick, margin))
                        .mapToInt(Used::permits)
                        .sum();
                assertThat(all).isLessThanOrEqualTo(LIMIT);
            }
        }
    }

    @Test
    void aDailyWindowOpensAtMidnightAfterAPauseThatOnlyTheWallClockSaw() {
        RateLimit daily = time.limit(Rule.fixedWindow(1, ofHours(24)));
        daily.tryAcquire();

        time.jump(ofHours(11));

        assertThat(daily.peek()).isEqualTo(ofMinutes(59).plusSeconds(1));
    }
}
