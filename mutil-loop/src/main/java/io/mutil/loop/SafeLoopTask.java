package io.mutil.loop;

import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
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

    /** Is told before anybody who waits for the future. */
    interface Listener {
        void failed(SafeLoopTask task, Throwable failure);

        /** Comes last, exactly once. */
        void ended(SafeLoopTask task);
    }

    private enum State {
        QUEUED,
        RUNNING,
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
    private boolean awaitsStop;
    private boolean told;

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
        if (done.cancel(true)) {
            interrupt(false);
        }
    }

    /** Completes when it ends, on its thread, and when it is cancelled. A new one each time: to complete it tells nobody. */
    public CompletableFuture<@Nullable Void> future() {
        CompletableFuture<@Nullable Void> copy = new CompletableFuture<>();
        var unused = done.whenComplete((nothing, failure) -> {
            if (failure == null) {
                copy.complete(null);
            } else {
                copy.completeExceptionally(failure);
            }
        });
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
        try {
            task.run();
            done.complete(null);
        } catch (Throwable e) {
            fail(e);
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

    private void fail(Throwable e) {
        if (wasTold() && isInterrupt(e)) {
            done.cancel(true);
            return;
        }
        listener.failed(this, e);
        done.completeExceptionally(e);
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
        listener.ended(this);
        end.countDown();
    }

    /** There is no thread for it. */
    void refuse(Throwable cause) {
        if (withdraw()) {
            listener.failed(this, cause);
            done.completeExceptionally(cause);
            finish();
        }
    }

    private boolean withdraw() {
        lock.lock();
        try {
            boolean queued = state == State.QUEUED;
            if (queued) {
                state = State.ENDED;
            }
            return queued;
        } finally {
            lock.unlock();
        }
    }

    /** Tells it that the program is to end; who waits for just that needs no interrupt. */
    void stop() {
        interrupt(true);
    }

    private void interrupt(boolean unlessAwaited) {
        if (withdraw()) {
            done.cancel(true);
            finish();
            return;
        }
        lock.lock();
        try {
            told = true;
            if (thread != null && !(unlessAwaited && awaitsStop)) {
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

    /** The current thread, if it is this task's, is about to wait for the stop, which then does not interrupt it any more. */
    void awaitsStop() {
        lock.lock();
        try {
            awaitsStop = true;
            if (told && !done.isCancelled()) {
                // the interrupt said what the end of the wait is going to say
                Thread.interrupted();
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

    private static boolean isInterrupt(@Nullable Throwable e) {
        // bounded, since causes may form a ring
        for (int depth = 0; e != null && depth < 100; depth++) {
            if (e instanceof InterruptedException
                    || e instanceof CancellationException
                    || e instanceof ClosedByInterruptException
                    || (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException))) {
                return true;
            }
            e = e.getCause();
        }
        return false;
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
