package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A level of workers: what each does, how many there are, and how items are spread over them.
 *
 * <pre>{@code
 * Workers<Long, Long> plusOne = Workers.<Long, Long>of((n, out) -> out.send(n + 1)).howMany(64);
 *
 * Workers<String, Integer> lengths = Workers.<String, Integer>startedBy(context -> {
 *             var seen = new HashSet<String>(); // belongs to this worker alone
 *             return (word, out) -> {
 *                 if (seen.add(word)) {
 *                     out.send(word.length());
 *                 }
 *             };
 *         })
 *         .routeBy(word -> word);
 * }</pre>
 *
 * <p>Workers are cheap: an idle one is an object without a thread, and 64 of them share two processors as well as two do.
 * Set up by one thread; read when it is given to the topology.
 *
 * @param <I> items in
 * @param <O> items out
 */
public final class Workers<I, O> {
    private static final int MAX_WORKERS = 1 << 14;
    private static final Duration MIN_TICK = Duration.ofMillis(1);
    private static final Duration MAX_TICK = Duration.ofDays(1);

    private final WorkerFactory<I, O> factory;
    private int howMany = Runtime.getRuntime().availableProcessors();
    private @Nullable String name;
    private @Nullable Key<? super I> key;
    private Edge edge = Edge.DEFAULT;
    private @Nullable ErrorHandler<? super I> onError;
    private Duration tick = Duration.ZERO;
    private @Nullable Supervision supervision;
    private @Nullable Processes<I, O> processes;

    private Workers(WorkerFactory<I, O> factory) {
        this.factory = requireNonNull(factory, "factory");
    }

    /**
     * Workers without state of their own: all call the same function, at the same time.
     *
     * @throws IllegalArgumentException if the worker is {@link AutoCloseable}, and so has state
     */
    public static <I, O> Workers<I, O> of(Worker<I, O> worker) {
        requireNonNull(worker, "worker");
        if (worker instanceof AutoCloseable) {
            throw new IllegalArgumentException(
                    "a worker that has to be closed cannot be shared; make one for each with Workers.startedBy");
        }
        return new Workers<>(context -> worker);
    }

    /** Workers with state of their own, each made by the start hook. */
    public static <I, O> Workers<I, O> startedBy(WorkerFactory<I, O> factory) {
        return new Workers<>(factory);
    }

    /** Width of the level, 1 to 16384. Default: one per processor. */
    public Workers<I, O> howMany(int workers) {
        if (workers < 1 || workers > MAX_WORKERS) {
            throw new IllegalArgumentException("howMany must be 1 to " + MAX_WORKERS + ", was " + workers);
        }
        howMany = workers;
        return this;
    }

    /** Name in statistics, logs and errors. Default: {@code workers-1}, {@code workers-2} and so on. */
    public Workers<I, O> named(String name) {
        this.name = Names.check(name);
        return this;
    }

    /** Sends items with equal keys to the same worker, so that they keep their order. Default: in turn. */
    public Workers<I, O> routeBy(Key<? super I> key) {
        this.key = requireNonNull(key, "key");
        return this;
    }

    /**
     * Sends what sender {@code i} of the level before sends to worker {@code i} modulo the width, so that each has a worker
     * to itself and keeps its order. Senders are the pipes of a {@link PipeIngress}, the event loops of an ingress that
     * listens, one for any other ingress, those of its parts one after the other for a merged one, and the workers of a
     * level.
     */
    public Workers<I, O> routeBySender() {
        this.key = new SenderKey<>();
        return this;
    }

    /** The queues into this level. Default: {@code Edge.blocking(1024)}. */
    public Workers<I, O> edge(Edge edge) {
        this.edge = requireNonNull(edge, "edge");
        return this;
    }

    /** Told of each item whose processing threw. Default: a log entry. */
    public Workers<I, O> onError(ErrorHandler<? super I> handler) {
        this.onError = requireNonNull(handler, "handler");
        return this;
    }

    /**
     * Calls {@link Worker#tick} of every worker again and again, the first time after one period.
     *
     * @param period 1 ms to 1 day
     */
    public Workers<I, O> tickEvery(Duration period) {
        if (period.compareTo(MIN_TICK) < 0 || period.compareTo(MAX_TICK) > 0) {
            throw new IllegalArgumentException("tickEvery must be 1 ms to 1 day, was " + period);
        }
        tick = period;
        return this;
    }

    /**
     * What happens when a worker throws, or its process dies. Default: an item that a worker throws at is skipped, a process that
     * dies stops the topology.
     */
    public Workers<I, O> supervise(Supervision supervision) {
        this.supervision = requireNonNull(supervision, "supervision");
        return this;
    }

    /** Runs the workers in child processes. Default: on threads of this process. */
    public Workers<I, O> isolation(Processes<I, O> processes) {
        this.processes = requireNonNull(processes, "processes");
        return this;
    }

    WorkerLevel<I, O> level(int place) {
        String levelName = name == null ? "workers-" + place : name;
        return new WorkerLevel<>(
                levelName,
                howMany,
                factory,
                key,
                edge,
                onError == null ? Failures.logging(levelName) : onError,
                tick,
                supervision,
                processes);
    }
}
