package io.mutil.server;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long a client waits before it connects again.
 *
 * <p>The bound of the wait is {@code initial} after the first failure, doubles with each further one and stops at
 * {@code max}; the wait itself is chosen evenly between zero and the bound ("full jitter"), so that many clients of one
 * server do not come back at the same moment. A connection that lasted {@code healthyAfter} starts the count again.
 *
 * @param initial bound of the first wait, positive
 * @param max bound of every wait, not less than {@code initial}
 * @param healthyAfter how long a connection lasts to count as good, not negative
 */
public record Backoff(Duration initial, Duration max, Duration healthyAfter) {
    /** From 250 ms up to 30 s, reset after 30 s healthy. */
    public static final Backoff DEFAULT =
            new Backoff(Duration.ofMillis(250), Duration.ofSeconds(30), Duration.ofSeconds(30));

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if one is out of its range, or longer than a year
     */
    public Backoff {
        LinkOptions.positive("initial", initial);
        LinkOptions.positive("max", max);
        if (max.compareTo(initial) < 0) {
            throw new IllegalArgumentException("max must be at least initial " + initial + ", was " + max);
        }
        if (!healthyAfter.isZero()) {
            LinkOptions.positive("healthyAfter", healthyAfter);
        }
    }

    /**
     * The wait after a failure.
     *
     * @param failures failures in a row before this one
     * @param random evenly from zero, inclusive, to one, exclusive
     */
    public Duration delay(int failures, DoubleSupplier random) {
        Duration bound = initial;
        for (int i = 0; i < failures && bound.compareTo(max) < 0; i++) {
            bound = bound.multipliedBy(2);
        }
        Duration capped = bound.compareTo(max) > 0 ? max : bound;
        return Duration.ofMillis((long) (capped.toMillis() * random.getAsDouble()));
    }
}
