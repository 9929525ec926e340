package io.mutil.dataflow;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A level of workers of a {@link Dataflow}, for those who run one in their own way.
 *
 * <p>Immutable.
 *
 * @param <I> items in
 * @param <O> items out
 */
public final class WorkerLevel<I, O> {
    private final String name;
    private final int howMany;
    private final WorkerFactory<I, O> factory;
    private final @Nullable Key<? super I> key;
    private final Edge edge;
    private final ErrorHandler<? super I> onError;
    private final Duration tick;
    private final @Nullable Supervision supervision;
    private final @Nullable Processes<I, O> processes;

    WorkerLevel(
            String name,
            int howMany,
            WorkerFactory<I, O> factory,
            @Nullable Key<? super I> key,
            Edge edge,
            ErrorHandler<? super I> onError,
            Duration tick,
            @Nullable Supervision supervision,
            @Nullable Processes<I, O> processes) {
        this.name = name;
        this.howMany = howMany;
        this.factory = factory;
        this.key = key;
        this.edge = edge;
        this.onError = onError;
        this.tick = tick;
        this.supervision = supervision;
        this.processes = processes;
    }

    /** Name of the level. */
    public String name() {
        return name;
    }

    /** How many workers it has. */
    public int howMany() {
        return howMany;
    }

    /** Makes each worker. */
    public WorkerFactory<I, O> factory() {
        return factory;
    }

    /** By which key items are routed to its workers; empty if in turn, or by sender. */
    public Optional<Key<? super I>> key() {
        return routesBySender() ? Optional.empty() : Optional.ofNullable(key);
    }

    /** Whether the items of one sender all go to the same worker. */
    public boolean routesBySender() {
        return key instanceof SenderKey;
    }

    /** The queues into it. */
    public Edge edge() {
        return edge;
    }

    /** Who is told of items that failed here. */
    public ErrorHandler<? super I> onError() {
        return onError;
    }

    /** How often its workers tick; zero for never. */
    public Duration tick() {
        return tick;
    }

    /** What happens when a worker fails; empty if the topology does not say. */
    public Optional<Supervision> supervision() {
        return Optional.ofNullable(supervision);
    }

    /** The processes of its workers; empty if they are to run on threads. */
    public Optional<Processes<I, O>> processes() {
        return Optional.ofNullable(processes);
    }

    /** What {@link Sender} needs to route. */
    @Nullable
    Key<? super I> routing() {
        return key;
    }

    /** What happens when a worker throws. */
    Supervision supervisionOfItems() {
        return supervision == null ? Supervision.skip() : supervision;
    }

    /** The same level without processes of its own. */
    WorkerLevel<I, O> onThreads() {
        return new WorkerLevel<>(name, howMany, factory, key, edge, onError, tick, supervision, null);
    }
}
