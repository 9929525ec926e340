package io.mutil.ratelimit;

import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What follows from changes to a line, and is done without its lock. What changes it adds the steps, with the lock, and calls for
 * {@link #go} afterwards; several threads may take steps at the same time. None runs what depends on a future that a caller has:
 * that is completed on the scheduler.
 */
final class Steps {
    private final ReentrantLock lock;
    private final ScheduledExecutorService scheduler;
    private final Runnable planner;
    // ---- with the lock
    private final ArrayDeque<Runnable> steps = new ArrayDeque<>();

    /** @param planner adds what is to be done as things stand, with the lock */
    Steps(ReentrantLock lock, ScheduledExecutorService scheduler, Runnable planner) {
        this.lock = lock;
        this.scheduler = scheduler;
        this.planner = planner;
    }

    // ---- with the lock

    void add(Runnable step) {
        steps.add(step);
    }

    /** Completes a future: at once if nobody has it yet, as nothing depends on it then. */
    void complete(Asker asker, Runnable completion) {
        if (asker.shared) {
            add(() -> onScheduler(completion));
        } else {
            completion.run();
        }
    }

    // ---- without

    /** Does what is to be done now. */
    void go() {
        for (Runnable step = next(); step != null; step = next()) {
            step.run();
        }
    }

    /** As {@link #go}, but once that one is done with leaves the rest to the scheduler. */
    void goFor(Asker asker) {
        for (Runnable step = next(); step != null; step = next()) {
            step.run();
            if (asker.future.isDone()) {
                leaveRest();
                return;
            }
        }
    }

    private void leaveRest() {
        boolean more;
        lock.lock();
        try {
            planner.run();
            more = !steps.isEmpty();
        } finally {
            lock.unlock();
        }
        if (more) {
            onScheduler(this::go);
        }
    }

    private void onScheduler(Runnable work) {
        try {
            scheduler.execute(work);
        } catch (RejectedExecutionException e) {
            work.run();
        }
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            planner.run();
            return steps.poll();
        } finally {
            lock.unlock();
        }
    }
}
