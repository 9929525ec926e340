package io.mutil.cache;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Whether the disk can be written to. After a failure nothing is tried for a second, after each further one for twice as long,
 * up to a minute.
 */
final class Health {
    private static final System.Logger LOG = System.getLogger(FileDisk.class.getName());
    private static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.MINUTES.toNanos(1);

    private final Folder folder;
    private final LongSupplier nanoTime;
    private final LongAdder failures = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean degraded;
    // both with the lock
    private long retryAt;
    private long pause = FIRST_PAUSE;

    Health(Folder folder, LongSupplier nanoTime) {
        this.folder = folder;
        this.nanoTime = nanoTime;
    }

    /** Whether it is worth the while to write. */
    boolean mayWrite() {
        if (!degraded) {
            return true;
        }
        lock.lock();
        try {
            return nanoTime.getAsLong() - retryAt >= 0;
        } finally {
            lock.unlock();
        }
    }

    /** Something that says nothing about the next write has failed. */
    void countFailure() {
        failures.increment();
    }

    /** A write has failed. */
    void failed(IOException e) {
        failures.increment();
        boolean first;
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            if (degraded && now - retryAt < 0) {
                return; // it began before the pause
            }
            first = !degraded;
            degraded = true;
            retryAt = now + pause;
            pause = Math.min(pause * 2, LONGEST_PAUSE);
        } finally {
            lock.unlock();
        }
        if (first) {
            LOG.log(
                    WARNING,
                    "cannot write to {0}: {1}; answers are kept in memory only, and the disk is tried again at least once a"
                            + " minute",
                    folder,
                    reason(e));
        }
    }

    /** A message may hold the name of a file, and that what a caller asked for. */
    private static String reason(IOException e) {
        if (e instanceof FileSystemException system) {
            String reason = system.getReason();
            return e.getClass().getSimpleName() + (reason == null ? "" : ": " + reason);
        }
        return e instanceof java.io.FileNotFoundException ? "a file cannot be opened" : String.valueOf(e.getMessage());
    }

    /** A write has succeeded. */
    void succeeded() {
        if (!degraded) {
            return;
        }
        lock.lock();
        try {
            if (!degraded) {
                return;
            }
            degraded = false;
            pause = FIRST_PAUSE;
        } finally {
            lock.unlock();
        }
        LOG.log(INFO, "{0} can be written to again", folder);
    }

    long failures() {
        return failures.sum();
    }
}
