package io.mutil.server;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Reports refused peers: all of them at DEBUG, and at most one warning in ten seconds, so that a stranger cannot fill the
 * disk. Safe for many threads.
 */
final class RefusalLog {
    static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Logger LOGGER = System.getLogger(Authenticator.class.getName());

    private final LongSupplier nanoTime;
    private final AtomicLong nextWarning;
    private final AtomicLong unreported = new AtomicLong();

    RefusalLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.nextWarning = new AtomicLong(nanoTime.getAsLong());
    }

    void refused(String remote, String reason) {
        long now = nanoTime.getAsLong();
        long due = nextWarning.get();
        if (now - due >= 0 && nextWarning.compareAndSet(due, now + INTERVAL.toNanos())) {
            long others = unreported.getAndSet(0);
            LOGGER.log(
                    Level.WARNING, () -> line(remote, reason) + (others == 0 ? "" : "; so were " + others + " others"));
        } else {
            unreported.incrementAndGet();
            LOGGER.log(Level.DEBUG, () -> line(remote, reason));
        }
    }

    private static String line(String remote, String reason) {
        return "refused " + remote + ": " + reason;
    }
}
