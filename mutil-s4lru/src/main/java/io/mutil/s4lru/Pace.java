package io.mutil.s4lru;

import java.time.Duration;

/** How far the journal may be behind; each commit waits for the disk. */
record Pace(int rows, Duration every) {
    static final Pace DEFAULT = new Pace(10_000, Duration.ofSeconds(1));

    Pace {
        if (rows < 1) {
            throw new IllegalArgumentException("rows must be positive, was " + rows);
        }
        if (every.compareTo(Duration.ofMillis(1)) < 0 || every.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("every must be from 1 ms to 1 day, was " + every);
        }
    }
}
