package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Duration;

/**
 * What happens to a level when one of its workers throws. The item always goes to the {@link ErrorHandler} and is not tried
 * again.
 *
 * <ul>
 *   <li>{@link #skip()}, the default: the worker goes on with the next item.
 *   <li>{@link #stop()}: the whole topology ends at once; {@link RunningDataflow#await} tells why, and what was on its way is
 *       lost and counted.
 *   <li>{@link #restart()}: the worker is closed, and after a while the level's {@link WorkerFactory} makes a new one, without
 *       the state of the old. What waits for the worker goes on waiting, so nothing else is lost, and its senders wait as for
 *       any full edge. A worker that fails too often stops the topology.
 * </ul>
 *
 * <pre>{@code
 * Workers.startedBy(Parser::new).supervise(Supervision.restart().atMost(3, Duration.ofMinutes(1)));
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

    /** The worker goes on with the next item. */
    public static Supervision skip() {
        return SKIP;
    }

    /** The topology ends. */
    public static Supervision stop() {
        return STOP;
    }

    /** A new worker takes the place of the one that failed: at most 5 times within a minute, after 250 ms or more. */
    public static Supervision restart() {
        return RESTART;
    }

    /**
     * Limits the restarts of each worker; the failure after the last one stops the topology.
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
     * How long a worker's place stays empty: {@code initial} after the first failure within the window, twice as long after
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
