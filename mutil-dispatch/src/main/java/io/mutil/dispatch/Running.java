package io.mutil.dispatch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A run that others may stop: its thread is interrupted while the operation has it, and never after; once there is a stage, that is
 * cancelled.
 */
final class Running {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Thread thread;
    private @Nullable CompletableFuture<?> stage;
    private boolean interrupted;
    private volatile boolean stopped;

    /** The operation gets this thread; false if it is not to begin any more. */
    boolean enter() {
        lock.lock();
        try {
            thread = Thread.currentThread();
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    /** The operation gives its thread back, without the interrupt that was meant for it. */
    void leave() {
        lock.lock();
        try {
            thread = null;
            if (interrupted) {
                boolean unused = Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Now a stage goes on with it. */
    void goOn(CompletableFuture<?> next) {
        lock.lock();
        try {
            stage = next;
            if (!stopped) {
                return;
            }
        } finally {
            lock.unlock();
        }
        next.cancel(true);
    }

    /** Stops it, whatever it is at. */
    void stop() {
        CompletableFuture<?> last;
        lock.lock();
        try {
            stopped = true;
            if (thread != null) {
                thread.interrupt();
                interrupted = true;
            }
            last = stage;
        } finally {
            lock.unlock();
        }
        if (last != null) {
            last.cancel(true);
        }
    }

    boolean isStopped() {
        return stopped;
    }
}
