package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where items enter a topology: a {@link WebSocketIngress}, a {@link FramedIngress}, a {@link PipeIngress}, a
 * {@link #pulling source} in this process, or {@link #merge several of them}.
 *
 * <p>Set up by one thread; read when the topology starts.
 *
 * @param <T> items
 */
public abstract sealed class Ingress<T> permits FedIngress, MergedIngress, NetworkIngress, PipeIngress, SourceIngress {
    private @Nullable String name;
    private @Nullable StartHook hook;
    private @Nullable Supervision supervision;

    Ingress() {}

    /**
     * Pulls items from an iterator, on a thread of the topology, as fast as the first level takes them. An iterator that
     * waits for its next item keeps that thread; one that throws ends the topology with its exception.
     */
    public static <T> Ingress<T> pulling(Source<T> source) {
        return new SourceIngress<>(requireNonNull(source, "source"));
    }

    /**
     * Takes several ingresses for one level, each with senders of its own. The level has ended when all of them have. Part
     * {@code n} is called {@code <name of the level>-n}, from 1, unless it has a name.
     *
     * <pre>{@code
     * Ingress<Trade> trades = Ingress.merge(
     *         WebSocketIngress.listen("127.0.0.1", 2221, codec),
     *         WebSocketIngress.connect(URI.create("ws://127.0.0.1:6222/"), codec));
     * }</pre>
     */
    @SafeVarargs
    public static <T> Ingress<T> merge(Ingress<? extends T> first, Ingress<? extends T>... more) {
        List<Ingress<? extends T>> parts = new ArrayList<>();
        parts.add(first);
        for (Ingress<? extends T> part : more) {
            parts.add(part);
        }
        return new MergedIngress<>(parts);
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

    /**
     * What happens when a pipe breaks, or a level that connects has no connection; see {@link Supervision}. Default: the other
     * pipes go on, and a level that connects does so again for ever. A source of this process that throws always stops the
     * topology.
     *
     * @throws IllegalStateException if this ingress listens: its clients come and go, and none of them ends it; or if it is
     *     merged, since each part has a supervision of its own
     * @throws IllegalArgumentException if a source of this process is told anything but to stop
     */
    public Ingress<T> supervise(Supervision supervision) {
        this.supervision = requireNonNull(supervision, "supervision");
        return this;
    }

    final Outages outages(FlowContext context, String name) {
        return new Outages(context, name, supervision);
    }

    final Optional<Supervision> supervision() {
        return Optional.ofNullable(supervision);
    }

    /** Name of the level. */
    public final String name() {
        return name == null ? "in" : name;
    }

    /** The name as a part of a merged level. */
    final String partName(String otherwise) {
        return name == null ? otherwise : name;
    }

    /** The names that this ingress takes in the topology, when it is called so. */
    List<String> names(String name) {
        return List.of(name);
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
