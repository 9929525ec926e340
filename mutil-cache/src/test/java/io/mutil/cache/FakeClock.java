package io.mutil.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that goes when told, also back. */
final class FakeClock implements LongSupplier {
    /** A Tuesday in New York, 07:00 in the morning. */
    static final long START = Instant.parse("2024-05-14T11:00:00Z").toEpochMilli();

    private final AtomicLong millis = new AtomicLong(START);

    @Override
    public long getAsLong() {
        return millis.get();
    }

    void advance(Duration by) {
        millis.addAndGet(by.toMillis());
    }

    void set(String instant) {
        millis.set(Instant.parse(instant).toEpochMilli());
    }
}
