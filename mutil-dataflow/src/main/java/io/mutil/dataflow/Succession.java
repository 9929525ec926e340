package io.mutil.dataflow;

import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a part of a level that failed, such as a worker, and sees to its successor.
 *
 * @param <T> the part
 */
final class Succession<T> {
    private static final System.Logger LOG = System.getLogger(Dataflow.class.getName());

    private enum State {
        /** There is a part, or there will never be one again. */
        SETTLED,
        /** Waits for the time to come. */
        WAITING,
        /** A successor is being made. */
        STARTING
    }

    /**
     * Where the part belongs.
     *
     * @param <T> the part
     */
    interface Place<T> {
        /** What the part is called in errors and the log. */
        String part();

        /** Makes the next part, on a thread that may block. */
        T start() throws Exception;

        /** Counts that {@link #start} failed. */
        void notStarted(Throwable failure);

        /** Takes a part that came too late. */
        void discard(T late);

        /** Gets the next part, or null if there will be none; nothing is pending any more. */
        void settled(@Nullable T next);
    }

    private final FlowContext context;
    private final Supervision supervision;
    private final Place<T> place;
    private final AtomicReference<State> state = new AtomicReference<>(State.SETTLED);
    /** Used by whoever runs the part, or makes the next. */
    private final RestartWindow window;

    private Duration delay = Duration.ZERO;
    private volatile boolean over;
    private final LongAdder count = new LongAdder();

    Succession(FlowContext context, Supervision supervision, Place<T> place) {
        this.context = context;
        this.supervision = supervision;
        this.place = place;
        this.window = new RestartWindow(supervision);
    }

    /** How many successors there were. */
    long count() {
        return count.sum();
    }

    /** Whether a failure calls for a successor; if it is to stop the topology, it does so. */
    boolean isWanted(Throwable failure) {
        return switch (supervision.action()) {
            case SKIP -> false;
            case STOP -> stop("its supervision is to stop", failure);
            case RESTART -> isWithinLimit(failure);
        };
    }

    private boolean isWithinLimit(Throwable failure) {
        Duration next = window.next(context.timer().nanoTime());
        if (next == null) {
            return stop(window.limit(), failure);
        }
        delay = next;
        return true;
    }

    private boolean stop(String why, Throwable failure) {
        context.fail(new IllegalStateException(place.part() + " failed and ends the topology, since " + why, failure));
        return false;
    }

    /** Makes a successor when it is time. */
    void begin(Throwable failure) {
        LOG.log(WARNING, place.part() + " failed; it starts again in " + delay, failure);
        state.set(State.WAITING);
        context.timer().after(delay, this::dispatch);
        if (isOver()) {
            // who ended it may have come too early to see this
            giveUp();
        }
    }

    private boolean isOver() {
        return over || context.isAborted();
    }

    private void dispatch() {
        if (state.compareAndSet(State.WAITING, State.STARTING)) {
            execute(this::start);
        }
    }

    /** Nobody waits for a successor any more. */
    void giveUp() {
        over = true;
        if (state.compareAndSet(State.WAITING, State.STARTING)) {
            execute(() -> settle(null));
        }
    }

    private void execute(Runnable task) {
        try {
            context.spare().execute(task);
        } catch (Throwable e) {
            context.fail(e);
            settle(null);
        }
    }

    private void start() {
        if (isOver()) {
            settle(null);
            return;
        }
        T next;
        try {
            next = place.start();
        } catch (Throwable e) {
            place.notStarted(e);
            if (isOver() || !isWithinLimit(e)) {
                settle(null);
            } else {
                begin(e);
            }
            return;
        }
        if (isOver()) {
            place.discard(next);
            settle(null);
        } else {
            count.increment();
            settle(next);
        }
    }

    private void settle(@Nullable T next) {
        state.set(State.SETTLED);
        place.settled(next);
    }
}
