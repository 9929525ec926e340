package io.mutil.awssig;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The clock of a signer: whole seconds, written once each, and corrected where a server's clock goes otherwise. */
final class Ticker {
    private final Clock clock;
    private volatile long correctionMillis;
    private volatile @Nullable Stamp last;

    Ticker(Clock clock) {
        this.clock = clock;
    }

    Stamp now() {
        long second = Math.floorDiv(clock.millis() + correctionMillis, 1000L);
        Stamp stamp = last;
        if (stamp == null || stamp.epochSecond() != second) {
            stamp = Stamp.ofEpochSecond(second);
            last = stamp;
        }
        return stamp;
    }

    void correct(Instant serverTime) {
        correctionMillis = serverTime.toEpochMilli() - clock.millis();
    }

    Duration correction() {
        return Duration.ofMillis(correctionMillis);
    }
}
