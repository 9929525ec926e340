package io.mutil.dataflow;

import java.util.List;

/** An ingress whose items are pushed by hand. */
final class FedIngress<T> extends Ingress<T> {
    private final int count;
    private List<Sender<T>> senders = List.of();
    private boolean stopped;

    FedIngress(String name, int senders) {
        named(name);
        this.count = senders;
    }

    void feed(int sender, T item) {
        senders.get(sender).send(item);
    }

    @Override
    int senders(FlowLoops loops) {
        return count;
    }

    @Override
    OpenIngress open(String level, FlowContext context, FlowLoops loops, List<Sender<T>> senders, Stage stage) {
        this.senders = senders;
        return new OpenIngress() {
            @Override
            public void begin() {
                // who feeds begins
            }

            @Override
            public void stop() {
                if (!stopped) {
                    stopped = true;
                    senders.forEach(sender -> stage.partDone());
                }
            }
        };
    }

    @Override
    public String toString() {
        return "a test";
    }
}
