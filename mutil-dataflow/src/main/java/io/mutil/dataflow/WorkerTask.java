package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Runs one worker over its inbox. */
final class WorkerTask<I, O> extends ReceiverTask<I> {
    private final Succession<I, O> succession;
    private final Sender<O> sender;
    private final Failures<I> failures;
    /** Null while there is none, which is when nobody looks. */
    private @Nullable Worker<I, O> worker;
    /** Why there has to be a successor, of whom nobody knows yet. */
    private @Nullable Throwable wanted;

    private volatile boolean tickDue;

    WorkerTask(
            FlowContext context,
            Stage stage,
            WorkerLevel<I, O> level,
            int index,
            Worker<I, O> worker,
            Sender<O> sender,
            Failures<I> failures) {
        super(context, context.executor(), level.edge(), stage);
        this.succession = new Succession<>(context, level, index, failures, this::succeed);
        this.worker = worker;
        this.sender = sender;
        this.failures = failures;
    }

    /** The level's tick is due. */
    void tick() {
        tickDue = true;
        signal();
    }

    @Override
    long restarts() {
        return succession.count();
    }

    @Override
    boolean isDue() {
        return tickDue;
    }

    @Override
    boolean canTake() {
        tickIfDue();
        return goesOn();
    }

    private void tickIfDue() {
        if (!tickDue) {
            return;
        }
        tickDue = false;
        if (worker != null && !context().isAborted()) {
            try {
                worker.tick(sender);
            } catch (Throwable e) {
                failures.add(e);
                supervise(e);
            }
        }
    }

    @Override
    boolean take(I item) {
        try {
            requireNonNull(worker, "worker").process(item, sender);
        } catch (Throwable e) {
            failures.add(item, e);
            supervise(e);
        }
        tickIfDue();
        return wanted == null;
    }

    @Override
    boolean endTurn(boolean last) {
        if (last && worker != null) {
            try {
                worker.finish(sender);
            } catch (Throwable e) {
                failures.add(e);
            }
        }
        return goesOn();
    }

    private void supervise(Throwable failure) {
        if (succession.isWanted(failure)) {
            closeWorker();
            wanted = failure;
        }
    }

    /** The last thing that a turn does: the successor may be there, on another thread, before this returns. */
    private boolean goesOn() {
        Throwable failure = wanted;
        if (failure == null) {
            return true;
        }
        wanted = null;
        succession.begin(failure);
        return false;
    }

    private void succeed(@Nullable Worker<I, O> next) {
        worker = next;
        resume();
    }

    @Override
    void aborted() {
        succession.giveUp();
    }

    @Override
    void finished() {
        closeWorker();
    }

    private void closeWorker() {
        Worker<I, O> last = worker;
        worker = null;
        if (last != null) {
            Succession.close(last, failures);
        }
    }
}
