package io.mutil.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Locks of entries between processes. Nobody tells when another process gives one back, so it is asked for again, after 1 ms and
 * then at intervals that double up to a quarter of a second; no thread waits meanwhile. Where an attempt blocks, as over a network it
 * may, that is a thread for the disk.
 */
final class ProcessLocks {
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(250);

    private final Folder folder;
    private final Threads threads;
    private final LongSupplier nanoTime;
    private final Set<Attempt> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable LockFile> file = new AtomicReference<>();
    private volatile boolean closed;

    ProcessLocks(Folder folder, Threads threads, LongSupplier nanoTime) {
        this.folder = folder;
        this.threads = threads;
        this.nanoTime = nanoTime;
    }

    /** Opens the file of the locks; again if it could not be opened the last time, or was deleted since. */
    void open() {
        swap(LockFile.of(folder));
        if (closed) {
            swap(null);
        }
    }

    /** Whether other processes see the locks. */
    boolean isShared() {
        LockFile open = file.get();
        return open != null && open.isShared();
    }

    private void swap(@Nullable LockFile to) {
        LockFile before = file.getAndSet(to);
        if (before != null) {
            before.close();
        }
    }

    CompletableFuture<DiskTier.Lease> lock(String name, Duration atMost) {
        var attempt = new Attempt(position(name), atMost);
        attempt.run();
        return attempt.result;
    }

    /** Below 2^62, as some systems add to it. */
    private static long position(String name) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong() >>> 2;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    void close() {
        closed = true;
        for (Attempt attempt : waiting) {
            attempt.fail(new IOException("the cache was closed while it waited for another process"));
        }
        swap(null);
    }

    private final class Attempt implements Runnable {
        private final CompletableFuture<DiskTier.Lease> result = new CompletableFuture<>();
        private final long position;
        private final Duration atMost;
        private final long deadline;
        private long pause = FIRST_PAUSE;

        Attempt(long position, Duration atMost) {
            this.position = position;
            this.atMost = atMost;
            // a sum that overflows is as good, for only differences are looked at
            deadline = nanoTime.getAsLong() + TimeUnit.NANOSECONDS.convert(atMost);
        }

        @Override
        public void run() {
            if (result.isDone()) {
                waiting.remove(this);
                return;
            }
            if (closed) {
                fail(new IOException("the cache is closed"));
                return;
            }
            LockFile locks = file.get();
            DiskTier.Lease lease = locks == null ? () -> {} : locks.tryLock(position);
            if (lease == null) {
                again();
                return;
            }
            waiting.remove(this);
            if (!result.complete(lease)) {
                lease.close();
            }
        }

        private void again() {
            long left = deadline - nanoTime.getAsLong();
            if (left <= 0) {
                fail(new TimeoutException("another process still fetches this after " + atMost
                        + "; raise the fetch time-out, or see whether that process hangs"));
                return;
            }
            waiting.add(this);
            if (closed) {
                fail(new IOException("the cache is closed"));
                return;
            }
            try {
                var unused = threads.alarms()
                        .schedule(() -> threads.dispatch(this), Math.min(pause, left), TimeUnit.NANOSECONDS);
                pause = Math.min(pause * 2, LONGEST_PAUSE);
            } catch (RejectedExecutionException e) {
                fail(e);
            }
        }

        private void fail(Exception e) {
            waiting.remove(this);
            result.completeExceptionally(e);
        }
    }
}
