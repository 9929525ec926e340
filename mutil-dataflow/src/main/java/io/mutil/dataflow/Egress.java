package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where items leave a topology: a {@link WebSocketEgress}, a {@link FramedEgress}, or a {@link #into sink} in this process.
 * A topology may have several; each gets every item that its filter accepts.
 *
 * <p>Set up by one thread; read when it is given to the topology.
 *
 * @param <T> items
 */
public abstract sealed class Egress<T> permits NetworkEgress, SinkEgress {
    private @Nullable String name;
    private @Nullable Filter<? super T> filter;
    private Edge edge = Edge.DEFAULT;
    private @Nullable ErrorHandler<? super T> onError;
    private @Nullable StartHook hook;
    private @Nullable Supervision supervision;

    Egress() {}

    /** Hands items to a function, on a thread of the topology. */
    public static <T> Egress<T> into(Sink<? super T> sink) {
        return new SinkEgress<>(requireNonNull(sink, "sink"));
    }

    /** Takes only the items that {@code filter} accepts; asked at the sender, before an item is queued or encoded. */
    public Egress<T> filter(Filter<? super T> filter) {
        this.filter = requireNonNull(filter, "filter");
        return this;
    }

    /** Name in statistics, logs and errors. Default: {@code out-1}, {@code out-2} and so on. */
    public Egress<T> named(String name) {
        this.name = Names.check(name);
        return this;
    }

    /** The queues into this egress. Default: {@code Edge.blocking(1024)}. */
    public Egress<T> edge(Edge edge) {
        this.edge = requireNonNull(edge, "edge");
        return this;
    }

    /** Told of each item whose filter, encoding or sink threw. Default: a log entry. */
    public Egress<T> onError(ErrorHandler<? super T> handler) {
        this.onError = requireNonNull(handler, "handler");
        return this;
    }

    /** Called when this egress is open, before the first item can enter the topology. Default: nothing. */
    public Egress<T> onStart(StartHook hook) {
        this.hook = requireNonNull(hook, "hook");
        return this;
    }

    /**
     * What happens when the sink throws, or a level that connects has no connection; see {@link Supervision}. Default: an item
     * that a sink throws at is skipped, and a level that connects does so again for ever.
     *
     * @throws IllegalStateException if this egress listens: its clients come and go, and none of them ends it
     */
    public Egress<T> supervise(Supervision supervision) {
        this.supervision = requireNonNull(supervision, "supervision");
        return this;
    }

    static Outages outages(FlowContext context, EgressLevel<?> level) {
        return new Outages(context, level.name(), level.supervision().orElse(null));
    }

    final @Nullable StartHook hook() {
        return hook;
    }

    final EgressLevel<T> level(int place) {
        String levelName = name == null ? "out-" + place : name;
        return new EgressLevel<>(
                levelName,
                filter,
                edge,
                onError == null ? Failures.logging(levelName) : onError,
                supervision,
                this,
                telling(opener()));
    }

    private Opener<T> telling(Opener<T> opener) {
        StartHook started = hook;
        return (context, loops, level, stage, failures) -> {
            OpenEgress<T> open = opener.open(context, loops, level, stage, failures);
            Hooks.call(started, level.name(), open.uri(), open::closeAsync);
            return open;
        };
    }

    abstract Opener<T> opener();

    /** Makes the running form. */
    interface Opener<T> {
        OpenEgress<T> open(
                FlowContext context, FlowLoops loops, EgressLevel<T> level, Stage stage, Failures<T> failures)
                throws IOException;
    }
}
