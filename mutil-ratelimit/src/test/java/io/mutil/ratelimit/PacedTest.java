package io.mutil.ratelimit;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PacedTest {
    private final FakeTime time = new FakeTime();

    @Test
    void permitsComeAtAnEvenPace() {
        RateLimit limit = time.limit(Rule.paced(3, ofSeconds(1)));

        assertThat(limit.tryAcquire()).isTrue();
        assertThat(limit.tryAcquire()).isFalse();
        assertThat(limit.peek()).isEqualTo(ofNanos(333_333_334));
        time.advance(333_333_334);
        assertThat(limit.tryAcquire()).isTrue();
    }

    @Test
    void aThirdOfANanosecondIsNotLost() {
        RateLimit limit = time.limit(Rule.paced(3, ofNanos(10)).withBurst(2));
        for (int i = 0; i < 3_000; i++) {
            limit.reserve();
        }

        assertThat(limit.peek()).isEqualTo(ofNanos(9_997));
    }

    @Test
    void aBurstIsMadeUpAtThePace() {
        RateLimit limit = time.limit(Rule.paced(10, ofSeconds(1)).withBurst(5));

        assertThat(limit.tryAcquire(5)).isTrue();
        assertThat(limit.tryAcquire()).isFalse();
        time.advance(ofMillis(200));
        assertThat(limit.stats().available()).isEqualTo(2);
        assertThat(limit.tryAcquire(2)).isTrue();
        assertThat(limit.tryAcquire()).isFalse();
        time.advance(ofSeconds(100));
        assertThat(limit.stats().available()).isEqualTo(5);
    }

    @Test
    void theMarginLengthensThePauseBetweenSinglePermits() {
        RateLimit limit =
                time.builder(Rule.paced(10, ofSeconds(1))).margin(ofMillis(5)).build();
        limit.tryAcquire();

        assertThat(limit.peek()).isEqualTo(ofMillis(105));
    }

    @Test
    void aRefundGivesBackWhatThePaceHasNotMadeUpAnyway() {
        RateLimit limit = time.limit(Rule.paced(1, ofSeconds(1)).withBurst(3));
        limit.tryAcquire();
        time.advance(ofMillis(900));
        limit.tryAcquire(2);

        // without the first permit the second and third had been taken from a full burst too
        limit.refund(1, ofMillis(900));

        assertThat(limit.peek()).isEqualTo(Duration.ZERO);
        assertThat(limit.peek(2)).isEqualTo(ofSeconds(1));
    }

    @Test
    void aRefundOfMoreThanThereEverWereGivesBackWhatThereWas() {
        RateLimit limit = time.limit(Rule.paced(1, Duration.ofMinutes(1)));
        limit.tryAcquire();

        limit.refund(Integer.MAX_VALUE, Duration.ZERO);

        assertThat(limit.peek()).isZero();
    }

    /** In units of a part of a nanosecond, with numbers as long as they get. */
    private static final class Model {
        private final BigInteger permits;
        private final BigInteger per;
        private final int burst;
        /** When, and how many. */
        private final List<long[]> counted = new ArrayList<>();

        Model(Rule.Paced rule) {
            permits = BigInteger.valueOf(rule.permits());
            per = BigInteger.valueOf(rule.per().toNanos());
            burst = rule.burst();
        }

        /** The time at which everything would be paid for, times {@code permits}. */
        private BigInteger paid() {
            BigInteger paid = BigInteger.valueOf(-Checks.LONGEST.toNanos()).multiply(permits);
            for (long[] each : counted) {
                paid = paid.max(BigInteger.valueOf(each[0]).multiply(permits))
                        .add(per.multiply(BigInteger.valueOf(each[1])));
            }
            return paid;
        }

        long toWait(long now, int wanted) {
            BigInteger spare = per.multiply(BigInteger.valueOf(burst - (long) wanted));
            BigInteger[] at = paid().subtract(spare).divideAndRemainder(permits);
            long rounded = at[0].longValueExact() + (at[1].signum() > 0 ? 1 : 0);
            return Math.max(0, rounded - now);
        }
    }

    @Property(tries = 500)
    void itGoesByTheExactNumbers(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 50) int permits,
            @ForAll @LongRange(min = 1, max = 3_000) long per,
            @ForAll @IntRange(min = 1, max = 20) int burst) {
        var random = new Random(seed);
        Rule.Paced rule = Rule.paced(permits, ofNanos(per)).withBurst(burst);
        RateLimit limit = time.limit(rule);
        var model = new Model(rule);

        for (int i = 0; i < 100; i++) {
            int wanted = 1 + random.nextInt(burst);
            long wait = model.toWait(time.getAsLong(), wanted);
            assertThat(limit.peek(wanted)).isEqualTo(ofNanos(wait));
            assertThat(limit.tryAcquire(wanted)).isEqualTo(wait == 0);
            if (wait == 0) {
                model.counted.add(new long[] {time.getAsLong(), wanted});
            }
            time.advance(random.nextInt((int) (2 * per / permits) + 2));
        }
    }

    /** Whichever of the permits was not used: never more room than without it. */
    @Property(tries = 500)
    void aRefundNeverGivesMoreThanIfThePermitHadNotBeenTaken(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 10) int burst) {
        var random = new Random(seed);
        Rule.Paced rule = Rule.paced(1, ofNanos(100)).withBurst(burst);
        RateLimit limit = time.limit(rule);
        var model = new Model(rule);

        for (int i = 0; i < 60; i++) {
            int permits = 1 + random.nextInt(burst);
            if (limit.tryAcquire(permits)) {
                model.counted.add(new long[] {time.getAsLong(), permits});
            }
            if (random.nextInt(5) == 0 && !model.counted.isEmpty()) {
                long[] unused = model.counted.remove(random.nextInt(model.counted.size()));
                limit.refund((int) unused[1], ofNanos(time.getAsLong() - unused[0]));
            }
            for (int wanted = 1; wanted <= burst; wanted++) {
                assertThat(limit.peek(wanted)).isGreaterThanOrEqualTo(ofNanos(model.toWait(time.getAsLong(), wanted)));
            }
            time.advance(random.nextInt(150));
        }
    }
}
