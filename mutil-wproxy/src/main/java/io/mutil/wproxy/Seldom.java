package io.mutil.wproxy;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Lets a warning through at most once a minute. For one thread at a time. */
final class Seldom {
    static final Duration INTERVAL = Duration.ofMinutes(1);

    private final LongSupplier nanos;
    private boolean begun;
    private long last;

    Seldom(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether it is time for a warning, which then counts as given. */
    boolean isDue() {
        long now = nanos.getAsLong();
        if (begun && now - last < INTERVAL.toNanos()) {
            return false;
        }
        begun = true;
        last = now;
        return true;
    }
}
