package io.mutil.ratelimit;

import static java.time.Duration.ofNanos;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SlidingRefundTest {
    private static final long SPAN = 1_000;
    private static final long LONG_SPAN = 3_000;

    /** Callers that give back any of their permits, at any time: what they really used stays within both windows. */
    @Property(tries = 500)
    void whicheverPermitWasNotUsedNoWindowHoldsMoreUsedOnesThanItMay(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int limit) {
        var random = new Random(seed);
        var time = new FakeTime();
        RateLimit rate =
                time.limit(Rule.slidingWindow(limit, ofNanos(SPAN)), Rule.slidingWindow(2 * limit, ofNanos(LONG_SPAN)));
        List<Long> used = new ArrayList<>();

        for (int i = 0; i < 300; i++) {
            if (rate.tryAcquire()) {
                used.add(time.getAsLong());
            }
            if (random.nextInt(4) == 0 && !used.isEmpty()) {
                long unused = used.remove(used.size() - 1 - random.nextInt(Math.min(used.size(), 2 * limit)));
                rate.refund(1, ofNanos(time.getAsLong() - unused));
            }
            time.advance(random.nextInt(200));
        }

        assertFit(used, limit, SPAN);
        assertFit(used, 2 * limit, LONG_SPAN);
    }

    private static void assertFit(List<Long> used, int limit, long span) {
        for (int i = limit; i < used.size(); i++) {
            assertThat(used.get(i) - used.get(i - limit)).isGreaterThanOrEqualTo(span);
        }
    }
}
