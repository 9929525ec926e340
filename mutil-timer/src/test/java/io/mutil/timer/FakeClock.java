package io.mutil.timer;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Nanoseconds that stand still unless they are moved, and soon run over the largest number, as those of a machine may. */
final class FakeClock implements LongSupplier {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
    private final AtomicLong readings = new AtomicLong();

    @Override
    public long getAsLong() {
        readings.incrementAndGet();
        return nanos.get();
    }

    void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
    }

    long readings() {
        return readings.get();
    }
}
