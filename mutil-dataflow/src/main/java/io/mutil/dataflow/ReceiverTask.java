package io.mutil.dataflow;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A task that takes items from an inbox until the stage before it has ended and the inbox is empty. */
abstract class ReceiverTask<T> extends Task {
    private static final int ITEMS_PER_TURN = 1024;

    private final FlowContext context;
    private final Stage stage;
    private final Inbox<T> inbox;
    private final Predicate<T> taker = this::takeOrLose;
    private final AtomicBoolean left = new AtomicBoolean();
    private volatile boolean inputEnded;
    private volatile @Nullable Throwable death;

    ReceiverTask(FlowContext context, Executor executor, Edge edge, Stage stage) {
        super(executor);
        this.context = context;
        this.stage = stage;
        this.inbox = new Inbox<>(edge);
    }

    final Inbox<T> inbox() {
        return inbox;
    }

    final FlowContext context() {
        return context;
    }

    /** The stage before this one is done. */
    final void endInput() {
        inputEnded = true;
        signal();
    }

    final boolean inputEnded() {
        return inputEnded;
    }

    /** Whether it has taken its last item. */
    final boolean hasLeft() {
        return left.get();
    }

    /** Why it could not go on, if that is how it ended. */
    final @Nullable Throwable death() {
        return death;
    }

    /** Whether a turn may begin; if not, it waits for {@link #resume}. */
    boolean canTake() {
        return true;
    }

    /** Whether something else than an item asks for a turn. */
    boolean isDue() {
        return false;
    }

    /** How often a new worker took the place of one that failed. */
    long restarts() {
        return 0;
    }

    /** The topology has been aborted, on any thread: what keeps this task from its end is to be let go. */
    void aborted() {}

    /** Processes one item; false if no more can be taken in this turn. */
    abstract boolean take(T item);

    /**
     * Passes on what this turn has gathered.
     *
     * @param last whether nothing more will come
     * @return false if that has to wait for {@link #resume}
     */
    boolean endTurn(boolean last) {
        return true;
    }

    /** Called once, after the last item. Does not throw. */
    void finished() {}

    @Override
    final Turn turn() {
        boolean ended = inputEnded;
        if (!canTake()) {
            return Turn.STALLED;
        }
        boolean empty = inbox.drain(ITEMS_PER_TURN, taker);
        if (context.isAborted()) {
            context.countLost(inbox.clear());
            return ended ? finish() : Turn.EMPTY;
        }
        if (!endTurn(ended && empty)) {
            return Turn.STALLED;
        }
        if (!empty) {
            return Turn.MORE;
        }
        return ended ? finish() : Turn.EMPTY;
    }

    private Turn finish() {
        leaveStage();
        return Turn.FINISHED;
    }

    /** Ends a task that nobody will run any more; one that still runs is left to itself. */
    final void abandon() {
        if (!isRunning()) {
            leaveStage();
        }
    }

    private boolean takeOrLose(T item) {
        if (context.isAborted()) {
            context.countLost(1);
            return true;
        }
        return take(item);
    }

    @Override
    final boolean hasWork() {
        return inputEnded || !inbox.isEmpty() || isDue();
    }

    @Override
    final void failed(Throwable failure) {
        death = failure;
        context.fail(failure);
        leaveStage();
    }

    private void leaveStage() {
        if (left.compareAndSet(false, true)) {
            finished();
            stage.partDone();
        }
    }
}
