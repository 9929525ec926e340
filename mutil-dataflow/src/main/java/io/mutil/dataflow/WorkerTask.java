package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Runs one worker over its inbox. */
final class WorkerTask<I, O> extends ReceiverTask<I> implements Succession.Place<Worker<I, O>> {
    private final Succession<Worker<I, O>> succession;
    private final WorkerLevel<I, O> level;
    private final int index;
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
        this.succession = new Succession<>(context, level.supervisionOfItems(), this);
        this.level = level;
        this.index = index;
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

    @Override
    public String part() {
        return "worker " + index + " of '" + level.name() + "'";
    }

    @Override
    public Worker<I, O> start() throws Exception {
        return level.factory().start(new WorkerContext(level.name(), index, level.howMany()));
    }

    @Override
    public void notStarted(Throwable failure) {
        failures.add(failure);
    }

    @Override
    public void discard(Worker<I, O> late) {
        close(late, failures);
    }

    @Override
    public void settled(@Nullable Worker<I, O> next) {
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
            close(last, failures);
        }
    }

    private static void close(Worker<?, ?> worker, Failures<?> failures) {
        if (worker instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Throwable e) {
                failures.closeFailed(e);
            }
        }
    }
}
