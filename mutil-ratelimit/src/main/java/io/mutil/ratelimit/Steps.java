package io.mutil.ratelimit;

import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What follows from changes to a line, and is done without its lock. What changes it adds the steps, with the lock, and calls for
 * {@link #go} afterwards; several threads may take steps at the same time. None runs what depends on a future that a caller has:
 * that is completed on the scheduler, unless that takes no more work.
 */
final class Steps {
    private final ReentrantLock lock;
    private final ScheduledExecutorService scheduler;
    private final Supplier<@Nullable Asker> planner;
    // ---- with the lock
    private final ArrayDeque<Runnable> steps = new ArrayDeque<>();

    /** @param planner adds what is to be done as things stand, with the lock, and returns the first in the line */
    Steps(ReentrantLock lock, ScheduledExecutorService scheduler, Supplier<@Nullable Asker> planner) {
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
            LockSupport.unpark(asker.sleeper);
        }
    }

    // ---- without

    /** Does what is to be done now. */
    void go() {
        for (Runnable step = next(); step != null; step = next()) {
            step.run();
        }
    }

    /** As {@link #go}, again and again until that one is done with, whose thread this is. An interrupt does not end it. */
    void goUntilDone(Asker asker) {
        boolean interrupted = false;
        goFor(asker);
        while (!asker.future.isDone()) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
            goFor(asker);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** As {@link #go}, but once that one is done with leaves the rest to whoever is the first then, or to the scheduler. */
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
        Asker first;
        lock.lock();
        try {
            first = planner.get();
            more = !steps.isEmpty();
        } finally {
            lock.unlock();
        }
        if (more && first != null && first.sleeper != null) {
            // it may be a thread of the scheduler
            LockSupport.unpark(first.sleeper);
        } else if (more) {
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
            var unused = planner.get();
            return steps.poll();
        } finally {
            lock.unlock();
        }
    }
}
