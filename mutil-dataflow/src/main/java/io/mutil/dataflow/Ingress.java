package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.List;

/**
 * Where items enter a topology: a {@link WebSocketIngress}, or a {@link #pulling source} in this process.
 *
 * @param <T> items
 */
public abstract sealed class Ingress<T> permits FedIngress, SourceIngress, WebSocketIngress {
    private String name = "in";

    Ingress() {}

    /**
     * Pulls items from an iterator, on a thread of the topology, as fast as the first level takes them. An iterator that
     * waits for its next item keeps that thread; one that throws ends the topology with its exception.
     */
    public static <T> Ingress<T> pulling(Source<T> source) {
        return new SourceIngress<>(requireNonNull(source, "source"));
    }

    /** Name in statistics, logs and errors. Default: {@code in}. */
    public Ingress<T> named(String name) {
        this.name = Names.check(name);
        return this;
    }

    final String name() {
        return name;
    }

    /** How many senders this ingress is; each has its own lanes into the first level. */
    abstract int senders(FlowLoops loops);

    abstract OpenIngress open(FlowContext context, FlowLoops loops, List<Sender<T>> senders, Stage stage)
            throws IOException;
}
