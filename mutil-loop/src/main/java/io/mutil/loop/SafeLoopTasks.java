package io.mutil.loop;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The tasks of a program that have not ended, and whether they are to. */
final class SafeLoopTasks implements SafeLoopTask.Listener {
    private final Executor executor;
    private final SafeLoop.OnFailure onFailure;
    private final SafeLoopReport report;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<SafeLoopTask> running = new LinkedHashSet<>();
    private int kept;
    private long ended;
    private long failed;
    private boolean stopping;
    private int signal;

    SafeLoopTasks(Executor executor, SafeLoop.OnFailure onFailure, SafeLoopReport report) {
        this.executor = executor;
        this.onFailure = onFailure;
        this.report = report;
    }

    SafeLoopTask fork(String name, boolean background, SafeLoop.Task work) {
        var task = new SafeLoopTask(name, background, work, this);
        boolean late = !add(task);
        if (late) {
            task.cancel();
            return task;
        }
        try {
            executor.execute(task.work());
        } catch (Throwable e) {
            // such as the OutOfMemoryError that says that there are no more threads
            task.refuse(e);
        }
        return task;
    }

    /** Whether it may run; it is counted in any case, as its end will be. */
    private boolean add(SafeLoopTask task) {
        lock.lock();
        try {
            running.add(task);
            kept += task.isBackground() ? 0 : 1;
            return !stopping;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void failed(SafeLoopTask task, Throwable failure) {
        boolean before;
        lock.lock();
        try {
            failed++;
            before = stopping;
        } finally {
            lock.unlock();
        }
        String what = "task \"" + task.name() + "\"";
        boolean now = report.keep(what, failure, before);
        if (onFailure == SafeLoop.OnFailure.STOP) {
            stop(0);
        }
        // last, as a log may take its time
        if (now) {
            report.tell(what, failure);
        }
    }

    @Override
    public void ended(SafeLoopTask task) {
        lock.lock();
        try {
            running.remove(task);
            kept -= task.isBackground() ? 0 : 1;
            ended++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tells all of them, once.
     *
     * @param signal that is the reason, or comes while they end; 0 for none
     */
    void stop(int signal) {
        List<SafeLoopTask> told;
        lock.lock();
        try {
            if (this.signal == 0) {
                this.signal = signal;
            }
            if (stopping) {
                return;
            }
            stopping = true;
            told = List.copyOf(running);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        told.forEach(SafeLoopTask::stop);
        stop.countDown();
        // what hangs on futures is work of others, which may take its time
        told.forEach(SafeLoopTask::tellIfNeverBegun);
    }

    boolean isStopping() {
        lock.lock();
        try {
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    /** The first signal that came; 0 for none. */
    int signal() {
        lock.lock();
        try {
            return signal;
        } finally {
            lock.unlock();
        }
    }

    void awaitStop() throws InterruptedException {
        for (SafeLoopTask task : running()) {
            if (task.runsOn(Thread.currentThread())) {
                task.awaitStop(stop);
                return;
            }
        }
        stop.await();
    }

    /** Returns when all that keep the program alive have ended, or all are to. */
    void awaitWork() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (kept > 0 && !stopping) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for all of them, background ones too. Whoever interrupts is heard afterwards. */
    void awaitEnd(Duration grace) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + grace.toNanos();
        lock.lock();
        try {
            while (!running.isEmpty()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                try {
                    changed.awaitNanos(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            lock.unlock();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Those that have not ended, in the order in which they began. */
    List<SafeLoopTask> running() {
        lock.lock();
        try {
            return List.copyOf(running);
        } finally {
            lock.unlock();
        }
    }

    SafeLoopStats stats(int hooks) {
        lock.lock();
        try {
            return new SafeLoopStats(kept, running.size() - kept, ended, failed, hooks, stopping);
        } finally {
            lock.unlock();
        }
    }
}
