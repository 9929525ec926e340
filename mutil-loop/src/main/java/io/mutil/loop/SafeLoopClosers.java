package io.mutil.loop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What is to be done once the tasks have ended, the latest registered first. */
final class SafeLoopClosers {
    private record Closer(String what, Duration deadline, SafeLoop.Task work) {}

    private final SafeLoopReport report;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Closer> closers = new ArrayDeque<>();
    private boolean closing;
    private volatile @Nullable SafeLoopTask current;

    SafeLoopClosers(SafeLoopReport report) {
        this.report = report;
    }

    /** Whether it was in time. */
    boolean add(String name, Duration deadline, SafeLoop.Task work) {
        lock.lock();
        try {
            if (!closing) {
                closers.push(new Closer("close \"" + name + "\"", deadline, work));
            }
            return !closing;
        } finally {
            lock.unlock();
        }
    }

    int count() {
        lock.lock();
        try {
            return closers.size();
        } finally {
            lock.unlock();
        }
    }

    /** Closes all. Whoever interrupts is heard afterwards. */
    void closeAll() {
        boolean interrupted = false;
        for (Closer closer = next(); closer != null; closer = next()) {
            interrupted |= close(closer);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Closer next() {
        lock.lock();
        try {
            closing = true;
            return closers.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether somebody interrupted. */
    private boolean close(Closer closer) {
        var task = new SafeLoopTask(closer.what(), false, closer.work(), new Failures(report));
        current = task;
        try {
            LoopThreads.daemon(closer.what(), task.work()).start();
        } catch (Throwable e) {
            // such as the OutOfMemoryError that says that there are no more threads
            task.refuse(e);
        }
        boolean interrupted = false;
        long deadline = System.nanoTime() + closer.deadline().toNanos();
        while (true) {
            try {
                if (!task.awaitEnd(Duration.ofNanos(deadline - System.nanoTime()))) {
                    report.hung(closer.what(), closer.deadline(), task.thread());
                    task.stop();
                }
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    /** See {@link SafeLoopTask#abandonIfExiting}. */
    void abandonIfExiting() {
        SafeLoopTask task = current;
        if (task != null) {
            task.abandonIfExiting();
        }
    }

    private record Failures(SafeLoopReport report) implements SafeLoopTask.Listener {
        @Override
        public void failed(SafeLoopTask task, Throwable failure) {
            if (report.keep(task.name(), failure, true)) {
                report.tell(task.name(), failure);
            }
        }

        @Override
        public void ended(SafeLoopTask task) {}
    }
}
