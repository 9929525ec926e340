package io.mutil.dataflow;

/** Hands the items of an inbox to an in-process sink. */
final class SinkTask<T> extends ReceiverTask<T> {
    private final Sink<? super T> sink;
    private final Failures<T> failures;

    SinkTask(FlowContext context, Edge edge, Stage stage, Sink<? super T> sink, Failures<T> failures) {
        super(context, context.executor(), edge, stage);
        this.sink = sink;
        this.failures = failures;
    }

    @Override
    boolean take(T item) {
        try {
            sink.accept(item);
        } catch (Throwable e) {
            failures.add(item, e);
        }
        return true;
    }
}
