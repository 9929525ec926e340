package io.mutil.dataflow;

/** An egress into a function of this process. */
final class SinkEgress<T> extends Egress<T> {
    private final Sink<? super T> sink;

    SinkEgress(Sink<? super T> sink) {
        this.sink = sink;
    }

    @Override
    Opener<T> opener() {
        return (context, loops, level, stage, failures) ->
                new OpenSink<>(new SinkTask<>(context, level, stage, sink, hook(), failures));
    }

    private record OpenSink<T>(ReceiverTask<T> task) implements OpenEgress<T> {}

    @Override
    public String toString() {
        return "a sink of this process";
    }
}
