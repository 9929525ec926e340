package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Duration;

/**
 * What happens to a level when a part of it fails: one of its workers or its sink throws, one of its pipes breaks, or it connects
 * and its connection ends. An item that was thrown at always goes to the {@link ErrorHandler} and is not tried again.
 *
 * <ul>
 *   <li>{@link #skip()}, the default: what failed is left behind. The worker or the sink goes on with the next item, the other
 *       pipes go on, and a level that connects does so again for ever, with the back-off of its client.
 *   <li>{@link #stop()}: the whole topology ends at once; {@link RunningDataflow#await} tells why, and what was on its way is
 *       lost and counted. For a level that connects, an attempt that fails is as bad as a connection that ends.
 *   <li>{@link #restart()}: after a while the part starts again, and {@link LevelStats#restarts} counts it. One that fails too
 *       often stops the topology.
 * </ul>
 *
 * <p>What starting again means:
 *
 * <ul>
 *   <li>A worker is closed, and the level's {@link WorkerFactory} makes a new one, without the state of the old.
 *   <li>A sink is the same function as before; its {@link StartHook} is called first. One that throws counts as a failure.
 *   <li>A pipe is opened again by its {@link PipeOpener}, so a child process that died is started again. One that ended in order
 *       is not: it had said all.
 *   <li>A level that connects makes a new connection. The back-off becomes the client's, which waits a random part of it.
 *       Attempts that fail do not count against the limit, connections that end do, whoever ended them. The start hook is not
 *       called again, since the level stayed open.
 * </ul>
 *
 * <p>What waits for a worker or a sink goes on waiting meanwhile, without a thread, so nothing else is lost, and its senders wait
 * as for any full edge. A level that listens has no supervision, because its clients come and go. What ends because the topology
 * ends is no failure.
 *
 * <pre>{@code
 * Workers.startedBy(Parser::new).supervise(Supervision.restart().atMost(3, Duration.ofMinutes(1)));
 * PipeIngress.of(codec, PipeOpener.child(this::startFeed)).supervise(Supervision.restart());
 * WebSocketEgress.connect(uri, codec).supervise(Supervision.stop());
 * }</pre>
 *
 * <p>Immutable.
 */
public final class Supervision implements Serializable {
    private static final long serialVersionUID = 1;
    private static final Supervision SKIP =
            new Supervision(Action.SKIP, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    private static final Supervision STOP =
            new Supervision(Action.STOP, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    private static final Supervision RESTART =
            new Supervision(Action.RESTART, 5, Duration.ofMinutes(1), Duration.ofMillis(250), Duration.ofSeconds(30));

    enum Action {
        SKIP,
        STOP,
        RESTART
    }

    private final Action action;
    private final int restarts;
    private final Duration window;
    private final Duration initial;
    private final Duration max;

    private Supervision(Action action, int restarts, Duration window, Duration initial, Duration max) {
        this.action = action;
        this.restarts = restarts;
        this.window = window;
        this.initial = initial;
        this.max = max;
    }

    /** What failed is left behind, and the level goes on. */
    public static Supervision skip() {
        return SKIP;
    }

    /** The topology ends. */
    public static Supervision stop() {
        return STOP;
    }

    /** What failed starts again: at most 5 times within a minute, after 250 ms or more. */
    public static Supervision restart() {
        return RESTART;
    }

    /**
     * Limits the restarts of each worker, sink, pipe or connection; the failure after the last one stops the topology.
     *
     * @param restarts how many, 1 to 1000
     * @param window within how much time, positive
     * @throws IllegalStateException if this is not a {@link #restart}
     */
    public Supervision atMost(int restarts, Duration window) {
        requireRestart("atMost");
        if (restarts < 1 || restarts > 1000) {
            throw new IllegalArgumentException("restarts must be 1 to 1000, was " + restarts);
        }
        return new Supervision(action, restarts, positive("window", window), initial, max);
    }

    /**
     * How long the place of what failed stays empty: {@code initial} after the first failure within the window, twice as long after
     * each further one, up to {@code max}.
     *
     * @throws IllegalStateException if this is not a {@link #restart}
     */
    public Supervision backoff(Duration initial, Duration max) {
        requireRestart("backoff");
        if (positive("max", max).compareTo(positive("initial", initial)) < 0) {
            throw new IllegalArgumentException("max must be at least initial " + initial + ", was " + max);
        }
        return new Supervision(action, restarts, window, initial, max);
    }

    private void requireRestart(String method) {
        if (action != Action.RESTART) {
            throw new IllegalStateException(method + " is for Supervision.restart(), this is " + this);
        }
    }

    private static Duration positive(String name, Duration value) {
        requireNonNull(value, name);
        if (value.isZero() || value.isNegative() || value.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(name + " must be positive and at most a day, was " + value);
        }
        return value;
    }

    Action action() {
        return action;
    }

    int restarts() {
        return restarts;
    }

    Duration window() {
        return window;
    }

    Duration initial() {
        return initial;
    }

    Duration max() {
        return max;
    }

    /**
     * How long to wait.
     *
     * @param before restarts within the window before this one
     */
    Duration delay(int before) {
        Duration delay = initial;
        for (int i = 0; i < before && delay.compareTo(max) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(max) > 0 ? max : delay;
    }

    @Override
    public String toString() {
        return action == Action.RESTART
                ? "restart, at most " + restarts + " within " + window + ", after " + initial + " to " + max
                : action == Action.STOP ? "stop" : "skip";
    }
}
