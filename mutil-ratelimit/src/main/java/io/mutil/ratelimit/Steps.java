package io.mutil.ratelimit;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done without a lock, one after the other. Whatever changes a state does so with the lock and calls for {@link
 * #run}; if a thread is at it, that one sees the change before it ends. So no two steps overlap, none is lost, and steps
 * that lead to others do not pile up calls.
 */
final class Steps {
    private final ReentrantLock lock;
    // ---- with the lock
    private final ArrayDeque<Runnable> steps = new ArrayDeque<>();
    private boolean running;

    Steps(ReentrantLock lock) {
        this.lock = lock;
    }

    /** With the lock. */
    void add(Runnable step) {
        steps.add(step);
    }

    /**
     * Does what is to be done, unless a thread is at it.
     *
     * @param more finds out, with the lock, what is to be done when nothing was added
     */
    void run(Supplier<@Nullable Runnable> more) {
        if (!begins()) {
            return;
        }
        Runnable step = next(more);
        while (step != null) {
            try {
                step.run();
            } catch (RuntimeException | Error e) {
                end();
                throw e;
            }
            step = next(more);
        }
    }

    private boolean begins() {
        lock.lock();
        try {
            boolean free = !running;
            running = true;
            return free;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Runnable next(Supplier<@Nullable Runnable> more) {
        lock.lock();
        try {
            Runnable step = steps.poll();
            if (step == null) {
                step = more.get();
                // it may have added some instead
                step = step == null ? steps.poll() : step;
            }
            running = step != null;
            return step;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            running = false;
        } finally {
            lock.unlock();
        }
    }
}
