package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where items enter a topology: a {@link WebSocketIngress}, a {@link FramedIngress}, or a {@link #pulling source} in
 * this process.
 *
 * <p>Set up by one thread; read when the topology starts.
 *
 * @param <T> items
 */
public abstract sealed class Ingress<T> permits FedIngress, FramedIngress, SourceIngress, WebSocketIngress {
    private @Nullable String name;
    private @Nullable StartHook hook;

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

    /** Called when this ingress is open, before the first item can enter. Default: nothing. */
    public Ingress<T> onStart(StartHook hook) {
        this.hook = requireNonNull(hook, "hook");
        return this;
    }

    final String name() {
        return name == null ? "in" : name;
    }

    /** How many senders this ingress is; each has its own lanes into the first level. */
    abstract int senders(FlowLoops loops);

    /** Opens this ingress, which lets nothing in before {@link OpenIngress#begin}. */
    abstract OpenIngress open(String name, FlowContext context, FlowLoops loops, List<Sender<T>> senders, Stage stage)
            throws IOException;

    /** Opens this ingress and tells its start hook. */
    final OpenIngress start(String name, FlowContext context, FlowLoops loops, List<Sender<T>> senders, Stage stage)
            throws IOException {
        OpenIngress open = open(name, context, loops, senders, stage);
        Hooks.call(hook, name, open.uri(), open::closeAsync);
        return open;
    }
}
