package io.mutil.dataflow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * A receiver that runs on an executor while it has something to do, and holds no thread otherwise.
 *
 * <pre>
 *          signal                run / help
 *   IDLE ----------> SCHEDULED --------------> RUNNING --> FINISHED
 *     ^                  ^                        |
 *     |                  +------ more to do ------+------> STALLED: RUNNING without a thread,
 *     +------------------------- nothing left ----+        until resume()
 * </pre>
 *
 * <p>A sender that finds a lane full first tries to {@link #help}: it runs the receiver itself. Where another thread is
 * already running it, the sender leaves a waiter, and every waiter is woken each time the receiver lets go. Because
 * topologies have no cycles, some blocked sender can always help or is waiting for a thread that makes progress, so
 * a level of any width runs on a pool of any size.
 */
abstract class Task implements Runnable {
    enum Turn {
        /** The inbox was seen empty. */
        EMPTY,
        /** The turn ended by its budget. */
        MORE,
        /** Nothing can be done until {@link Task#resume}. */
        STALLED,
        /** There will never be anything to do again. */
        FINISHED
    }

    private static final int IDLE = 0;
    private static final int SCHEDULED = 1;
    private static final int RUNNING = 2;
    private static final int FINISHED = 3;

    private static final VarHandle STATE;
    private static final VarHandle QUEUED;

    static {
        try {
            var lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Task.class, "state", int.class);
            QUEUED = lookup.findVarHandle(Task.class, "queued", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Executor executor;
    private final Queue<Runnable> waiters = new ConcurrentLinkedQueue<>();
    private volatile int state = IDLE;
    // True while the executor holds this task; a sender may have run it before the executor gets to it.
    private volatile boolean queued;

    Task(Executor executor) {
        this.executor = executor;
    }

    /** Does a bounded amount of work; called by one thread at a time. */
    abstract Turn turn();

    /** Whether a turn would find something to do; may be asked by any thread. */
    abstract boolean hasWork();

    /** Called when this task cannot go on, because its executor or the runtime itself failed. Does not throw. */
    abstract void failed(Throwable failure);

    /** False for a receiver that is bound to its executor's thread. */
    boolean canBeHelped() {
        return true;
    }

    /** Has this task run soon if it is idle; the caller has queued something and passed a full fence. */
    final void signal() {
        if (state == IDLE && STATE.compareAndSet(this, IDLE, SCHEDULED)) {
            submit();
        }
    }

    /** Runs a turn on the calling thread unless another one is running it. */
    final boolean help() {
        int seen = state;
        if (seen == RUNNING || seen == FINISHED || !canBeHelped() || !STATE.compareAndSet(this, seen, RUNNING)) {
            return false;
        }
        release(guardedTurn());
        return true;
    }

    /** Has {@code waiter} run once, when this task next lets go; the caller then looks once more before it waits. */
    final void await(Runnable waiter) {
        waiters.add(waiter);
    }

    @Override
    public final void run() {
        queued = false;
        if (STATE.compareAndSet(this, SCHEDULED, RUNNING)) {
            release(guardedTurn());
        }
    }

    final boolean isRunning() {
        return state == RUNNING;
    }

    /** Goes on after {@link Turn#STALLED}. */
    final void resume() {
        release(guardedTurn());
    }

    private Turn guardedTurn() {
        try {
            return turn();
        } catch (Throwable e) {
            failed(e);
            return Turn.FINISHED;
        }
    }

    private void release(Turn turn) {
        if (turn == Turn.STALLED) {
            return;
        }
        switch (turn) {
            case STALLED, FINISHED -> state = FINISHED;
            case MORE -> {
                state = SCHEDULED;
                submit();
            }
            case EMPTY -> {
                state = IDLE;
                // Pairs with the fence of the sender: one of the two sees what the other did.
                VarHandle.fullFence();
                if (hasWork()) {
                    signal();
                }
            }
        }
        wakeWaiters();
    }

    /** Wakes every sender that waits for room. */
    final void wakeWaiters() {
        Runnable waiter;
        while ((waiter = waiters.poll()) != null) {
            waiter.run();
        }
    }

    private void submit() {
        if (!queued && QUEUED.compareAndSet(this, false, true)) {
            try {
                executor.execute(this);
            } catch (Throwable e) {
                failed(e);
            }
        }
    }
}
