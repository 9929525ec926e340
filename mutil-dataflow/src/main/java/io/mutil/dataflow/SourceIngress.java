package io.mutil.dataflow;

import java.util.List;

/** An ingress that pulls from an iterator of this process. */
final class SourceIngress<T> extends Ingress<T> {
    private final Source<T> source;

    SourceIngress(Source<T> source) {
        this.source = source;
    }

    @Override
    public Ingress<T> supervise(Supervision supervision) {
        if (supervision.action() != Supervision.Action.STOP) {
            throw new IllegalArgumentException(
                    "a source that threw has no next item, so it stops the topology; was told to " + supervision);
        }
        return super.supervise(supervision);
    }

    @Override
    int senders(FlowLoops loops) {
        return 1;
    }

    @Override
    OpenIngress open(String name, FlowContext context, FlowLoops loops, List<Sender<T>> senders, Stage stage) {
        var failures = new Failures<T>(name, Failures.logging(name));
        var task = new SourceTask<T>(context, stage, senders.get(0), source.open(), failures);
        return new OpenSource(task, failures);
    }

    private record OpenSource(SourceTask<?> task, Failures<?> errors) implements OpenIngress {
        @Override
        public void begin() {
            task.signal();
        }

        @Override
        public void stop() {
            task.stop();
        }

        @Override
        public long failures() {
            return errors.count();
        }
    }

    @Override
    public String toString() {
        return "a source of this process";
    }
}
