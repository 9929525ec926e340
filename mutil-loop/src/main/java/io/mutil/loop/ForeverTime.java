package io.mutil.loop;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/** What time it is: for intervals, and for people. */
record ForeverTime(LongSupplier nanoTime, InstantSource clock) {
    long nanos() {
        return nanoTime.getAsLong();
    }

    long millis() {
        return clock.millis();
    }
}
