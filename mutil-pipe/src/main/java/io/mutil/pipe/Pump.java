package io.mutil.pipe;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that waits for one blocking end.
 *
 * <p>Whether a thread inside a blocking call can be let go depends on what it waits for. Closing does what there is to be
 * done, from a thread of its own, and then waits for a moment only: a daemon that stays behind in {@code System.in} is
 * better than a close that hangs.
 */
abstract class Pump {
    private static final Logger LOGGER = System.getLogger(Pump.class.getName());
    private static final long MOMENT_MILLIS = 100;
    private static final long CLOSE_MILLIS = 1_000;

    private final Threads threads;
    private final String role;
    private final Thread thread;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    Pump(Threads threads, String role) {
        this.threads = threads;
        this.role = role;
        this.thread = threads.newThread(role, this::runToEnd);
    }

    /** Does the work, until there is none or {@link #isClosing()}. */
    abstract void pump();

    /** Closes the end; called by the thread itself when its work is over, and by another to let it go. */
    abstract void closeEnd() throws IOException;

    /** Nobody waits any longer for what the thread is doing, in which it may be stuck. */
    abstract void abandon();

    final void startThread() {
        thread.start();
    }

    private void runToEnd() {
        try {
            pump();
        } finally {
            tryCloseEnd();
            ended.complete(null);
        }
    }

    private void tryCloseEnd() {
        try {
            closeEnd();
        } catch (Throwable e) {
            LOGGER.log(Level.DEBUG, () -> "closing " + role + " failed", e);
        }
    }

    final boolean isClosing() {
        return closing.get();
    }

    public final boolean isOwnThread() {
        return Thread.currentThread() == thread;
    }

    /** Waits for {@link #unpark}, maybe for less. */
    static void park() {
        LockSupport.park();
        // a borrowed thread may be interrupted by its owner; it must not spin then
        var unused = Thread.interrupted();
    }

    final void unpark() {
        LockSupport.unpark(thread);
    }

    /** @param patient whether the thread can be expected to end by itself, if it is not stuck */
    final CompletableFuture<Void> close(boolean patient) {
        if (!closing.getAndSet(true)) {
            // first, so that nobody waits for ever whatever happens below
            var unused = ended.completeOnTimeout(null, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
            unpark();
            try {
                threads.run("close-" + role, () -> letGo(patient));
            } catch (RuntimeException | Error e) {
                LOGGER.log(Level.WARNING, () -> "no thread to close " + role + "; an end that blocks stays open", e);
                letGoFromHere();
            }
        }
        return ended;
    }

    /** What can be done for want of a thread: closing the end may block, unless nobody is using it. */
    private void letGoFromHere() {
        abandon();
        thread.interrupt();
        if (!thread.isAlive()) {
            tryCloseEnd();
            ended.complete(null);
        }
    }

    private void letGo(boolean patient) {
        if (patient && hasEndedWithinAMoment()) {
            return;
        }
        abandon();
        tryCloseEnd();
        thread.interrupt();
        hasEndedWithinAMoment();
        ended.complete(null);
    }

    private boolean hasEndedWithinAMoment() {
        try {
            thread.join(MOMENT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
