package io.mutil.loop;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A task of a {@link SafeLoop}. Who does not want to cancel it or wait for it alone has no use for this: the program waits for
 * its tasks, and hears of their failures.
 *
 * <p>Safe for use by many threads.
 */
public final class SafeLoopTask {
    // The thread is known only while the work uses it, so that an interrupt never reaches what an executor does with it
    // afterwards. That is why interrupts happen under the lock, which nothing else holds for long.

    /** The program, or who closes it. */
    interface Listener {
        /** Comes before anybody hears of it who waits for the future. */
        void failed(SafeLoopTask task, Throwable failure);

        /** Comes last, exactly once. */
        void ended(SafeLoopTask task);
    }

    private enum State {
        QUEUED,
        RUNNING,
        WITHDRAWN,
        ENDED
    }

    private final String name;
    private final boolean background;
    private final SafeLoop.Task task;
    private final Listener listener;
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private State state = State.QUEUED;
    private @Nullable Thread thread;
    private boolean told;
    private boolean cancelled;
    private boolean awaitsStop;
    private boolean owed;

    SafeLoopTask(String name, boolean background, SafeLoop.Task task, Listener listener) {
        this.name = name;
        this.background = background;
        this.task = task;
        this.listener = listener;
    }

    /** As it was begun with. */
    public String name() {
        return name;
    }

    /** Interrupts it; if it has not begun it never will. It fails only by an exception that has nothing to do with that. */
    public void cancel() {
        interrupt(true);
        done.cancel(true);
    }

    /** Whether it has ended, or was cancelled. */
    public boolean isDone() {
        return done.isDone();
    }

    /**
     * Completes when it ends, on its thread, and when it is cancelled, on the thread of whoever does that. A new one each time, so
     * to complete it tells nobody. Each is kept until the task ends: ask once, and {@link #isDone} as often as you like.
     */
    public CompletableFuture<@Nullable Void> future() {
        CompletableFuture<@Nullable Void> copy = new CompletableFuture<>();
        // not whenComplete, which prints the failure to wrap it, and not all can be printed
        var unused = done.handle(
                (nothing, failure) -> failure == null ? copy.complete(null) : copy.completeExceptionally(failure));
        return copy;
    }

    /** For an executor; its text is the name. */
    Runnable work() {
        return new Work();
    }

    boolean isBackground() {
        return background;
    }

    private void run() {
        if (!begin()) {
            return;
        }
        Throwable failure = null;
        try {
            task.run();
        } catch (Throwable e) {
            failure = e;
        }
        try {
            complete(failure);
        } finally {
            leave();
        }
    }

    private boolean begin() {
        lock.lock();
        try {
            if (state != State.QUEUED) {
                return false;
            }
            state = State.RUNNING;
            thread = Thread.currentThread();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void complete(@Nullable Throwable failure) {
        if (failure == null) {
            done.complete(null);
        } else if (wasTold() && SafeLoopInterrupts.explain(failure)) {
            done.cancel(true);
        } else {
            fail(failure);
        }
    }

    private void fail(Throwable failure) {
        try {
            listener.failed(this, failure);
        } finally {
            done.completeExceptionally(failure);
        }
    }

    private void leave() {
        if (end()) {
            finish();
        }
        // the thread may be an executor's, whose next work was not meant
        Thread.interrupted();
    }

    /** Whether it was running. */
    private boolean end() {
        lock.lock();
        try {
            boolean ran = state == State.RUNNING;
            thread = null;
            state = State.ENDED;
            return ran;
        } finally {
            lock.unlock();
        }
    }

    /** Gives it up if it waits in {@code System.exit}, from which there is no return: it has ended in its own way. */
    void abandonIfExiting() {
        Thread exiting = thread();
        if (exiting != null
                && Stream.of(exiting.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals("java.lang.Shutdown"))
                && end()) {
            finish();
        }
    }

    private void finish() {
        try {
            listener.ended(this);
        } finally {
            end.countDown();
        }
    }

    /** There is no thread for it. */
    void refuse(Throwable cause) {
        if (skipTo(State.ENDED)) {
            try {
                fail(cause);
            } finally {
                finish();
            }
        }
    }

    /** Whether it had not begun, and never will. */
    private boolean skipTo(State state) {
        lock.lock();
        try {
            boolean queued = this.state == State.QUEUED;
            if (queued) {
                this.state = state;
            }
            return queued;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tells it that the program is to end; who waits for just that needs no interrupt. If it has not begun it never will, and
     * whoever waits for its future hears of that from {@link #tellIfNeverBegun}.
     */
    void stop() {
        interrupt(false);
    }

    void tellIfNeverBegun() {
        if (isWithdrawn()) {
            done.cancel(true);
        }
    }

    private boolean isWithdrawn() {
        lock.lock();
        try {
            return state == State.WITHDRAWN;
        } finally {
            lock.unlock();
        }
    }

    private void interrupt(boolean alone) {
        if (skipTo(State.WITHDRAWN)) {
            finish();
            return;
        }
        lock.lock();
        try {
            told = true;
            cancelled |= alone;
            if (!alone && awaitsStop) {
                owed = true;
            } else if (thread != null) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean wasTold() {
        lock.lock();
        try {
            return told;
        } finally {
            lock.unlock();
        }
    }

    /** Waits on the thread of this task, which the stop does not interrupt meanwhile. */
    void awaitStop(CountDownLatch stop) throws InterruptedException {
        beginToWait();
        try {
            stop.await();
        } catch (InterruptedException e) {
            giveUpWaiting();
            throw e;
        }
    }

    private void beginToWait() {
        lock.lock();
        try {
            awaitsStop = true;
            if (told && !cancelled) {
                // the interrupt said what the end of the wait is going to say
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    private void giveUpWaiting() {
        lock.lock();
        try {
            awaitsStop = false;
            if (owed) {
                // the stop came just now, and counted on the wait
                Thread.currentThread().interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean runsOn(Thread other) {
        lock.lock();
        try {
            return thread == other;
        } finally {
            lock.unlock();
        }
    }

    boolean awaitEnd(Duration most) throws InterruptedException {
        return end.await(most.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Where it is; null if it is nowhere any more. */
    @Nullable
    Thread thread() {
        lock.lock();
        try {
            return thread;
        } finally {
            lock.unlock();
        }
    }

    /** For the log. */
    @Override
    public String toString() {
        return "SafeLoopTask[" + name + ", " + done + "]";
    }

    private final class Work implements Runnable {
        @Override
        public void run() {
            SafeLoopTask.this.run();
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
