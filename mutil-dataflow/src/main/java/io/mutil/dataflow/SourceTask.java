package io.mutil.dataflow;

import java.util.Iterator;

/** Pulls the items of an in-process source into the topology. */
final class SourceTask<T> extends Task {
    private static final int ITEMS_PER_TURN = 1024;

    private final FlowContext context;
    private final Stage stage;
    private final Sender<T> sender;
    private final Iterator<? extends T> items;
    private final Failures<T> failures;
    private volatile boolean stopped;

    SourceTask(FlowContext context, Stage stage, Sender<T> sender, Iterator<? extends T> items, Failures<T> failures) {
        super(context.executor());
        this.context = context;
        this.stage = stage;
        this.sender = sender;
        this.items = items;
        this.failures = failures;
    }

    void stop() {
        stopped = true;
        signal();
    }

    @Override
    Turn turn() {
        for (int i = 0; i < ITEMS_PER_TURN; i++) {
            if (stopped || !items.hasNext()) {
                stage.partDone();
                return Turn.FINISHED;
            }
            send(items.next());
        }
        return Turn.MORE;
    }

    private void send(T item) {
        try {
            sender.send(item);
        } catch (RuntimeException | Error e) {
            failures.add(item, e);
        }
    }

    @Override
    boolean hasWork() {
        return true;
    }

    @Override
    void failed(Throwable failure) {
        context.endBecause(failure);
        stage.partDone();
    }
}
