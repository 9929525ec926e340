package io.mutil.wproxy;

import io.mutil.server.Backoff;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/** How long the next try to connect has to wait. If there are several upstreams, each is tried before there is a wait. */
final class Waits {
    private final Backoff backoff;
    private final int upstreams;
    private final DoubleSupplier random;
    private int tried;
    private int failures;

    Waits(Backoff backoff, int upstreams, DoubleSupplier random) {
        this.backoff = backoff;
        this.upstreams = upstreams;
        this.random = random;
    }

    /** After a try that made no connection. */
    Duration afterFailure() {
        tried = (tried + 1) % upstreams;
        return tried == 0 ? next() : Duration.ZERO;
    }

    /** After a connection that lasted so long. */
    Duration afterLoss(Duration lasted) {
        tried = 0;
        if (lasted.compareTo(backoff.healthyAfter()) >= 0) {
            failures = 0;
        }
        return next();
    }

    private Duration next() {
        return backoff.delay(failures++, random);
    }
}
