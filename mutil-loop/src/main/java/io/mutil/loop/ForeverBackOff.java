package io.mutil.loop;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongUnaryOperator;

/**
 * Exponential back-off with full jitter: any time up to a bound that doubles (Marc Brooker, "Exponential Backoff And Jitter",
 * AWS Architecture Blog, 2015).
 *
 * @param below a random number from zero to below its argument
 */
record ForeverBackOff(long first, long longest, LongUnaryOperator below) implements FailurePolicy {
    static final Duration FIRST = Duration.ofMillis(250);
    static final Duration LONGEST = Duration.ofSeconds(30);
    static final ForeverBackOff DEFAULT = of(FIRST, LONGEST);

    static ForeverBackOff of(Duration first, Duration longest) {
        if (first.isNegative() || first.isZero()) {
            throw new IllegalArgumentException("first must be positive, was " + first);
        }
        if (longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("longest must be at least first, " + first + ", was " + longest);
        }
        if (longest.compareTo(ForeverCore.LONGEST_DELAY) > 0) {
            throw new IllegalArgumentException(
                    "longest must be at most " + ForeverCore.LONGEST_DELAY + ", was " + longest);
        }
        return new ForeverBackOff(
                first.toNanos(),
                longest.toNanos(),
                bound -> ThreadLocalRandom.current().nextLong(bound));
    }

    @Override
    public Optional<Duration> delayAfter(Throwable failure, int consecutive) {
        return Optional.of(Duration.ofNanos(1 + below.applyAsLong(bound(consecutive))));
    }

    private long bound(int consecutive) {
        long bound = first;
        for (int doubled = 1; doubled < consecutive && bound < longest; doubled++) {
            bound = bound > longest / 2 ? longest : bound * 2;
        }
        return bound;
    }

    @Override
    public String toString() {
        return "retry after up to " + Duration.ofNanos(first) + ", doubling up to " + Duration.ofNanos(longest);
    }
}
