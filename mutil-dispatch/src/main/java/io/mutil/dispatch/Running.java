package io.mutil.dispatch;

import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A run that others may stop: its thread is interrupted while the operation has it, and never after; once there is a stage, that is
 * cancelled. It ends or is stopped, whichever comes first.
 */
final class Running {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Thread thread;
    private @Nullable Future<?> stage;
    private boolean interrupted;
    private boolean ended;
    private volatile boolean stopped;
    private volatile boolean operating;

    /** The run gets this thread; false if it is not to begin any more. */
    boolean enter() {
        lock.lock();
        try {
            thread = Thread.currentThread();
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    /** From here on what is thrown is the operation's own. */
    void operate() {
        operating = true;
    }

    /** The run gives its thread back, without the interrupt that was meant for it. */
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
    void goOn(Future<?> next) {
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

    /** Ends it; false if it was stopped before, so that how it ended is nobody's concern. */
    boolean end() {
        lock.lock();
        try {
            ended = !stopped;
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** Stops it, whatever it is at; false if it has ended, or was stopped before. */
    boolean stop() {
        Future<?> last;
        lock.lock();
        try {
            if (ended || stopped) {
                return false;
            }
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
        return true;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Whether the operation was given its arguments. */
    boolean hasOperated() {
        return operating;
    }
}
