package io.mutil.dataflow;

/** Runs one worker over its inbox. */
final class WorkerTask<I, O> extends ReceiverTask<I> {
    private final Worker<I, O> worker;
    private final Sender<O> sender;
    private final Failures<I> failures;

    WorkerTask(
            FlowContext context, Edge edge, Stage stage, Worker<I, O> worker, Sender<O> sender, Failures<I> failures) {
        super(context, context.executor(), edge, stage);
        this.worker = worker;
        this.sender = sender;
        this.failures = failures;
    }

    @Override
    boolean take(I item) {
        try {
            worker.process(item, sender);
        } catch (Throwable e) {
            failures.add(item, e);
        }
        return true;
    }

    @Override
    void finished() {
        if (worker instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Throwable e) {
                failures.closeFailed(e);
            }
        }
    }
}
