package io.mutil.dataflow;

import static java.lang.System.Logger.Level.WARNING;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a worker that failed, and sees to its successor. */
final class Succession<I, O> {
    private static final System.Logger LOG = System.getLogger(Dataflow.class.getName());

    private enum State {
        /** There is a worker, or there will never be one again. */
        SETTLED,
        /** Waits for the time to come. */
        WAITING,
        /** A successor is being made. */
        STARTING
    }

    private final FlowContext context;
    private final WorkerLevel<I, O> level;
    private final int index;
    private final Failures<I> failures;
    private final Consumer<@Nullable Worker<I, O>> whenSettled;
    private final AtomicReference<State> state = new AtomicReference<>(State.SETTLED);
    /** Used by whoever runs the worker, or makes the next. */
    private final RestartWindow window;

    private Duration delay = Duration.ZERO;

    private final LongAdder count = new LongAdder();

    /** @param whenSettled gets the next worker, or null if there will be none, when nothing is pending any more */
    Succession(
            FlowContext context,
            WorkerLevel<I, O> level,
            int index,
            Failures<I> failures,
            Consumer<@Nullable Worker<I, O>> whenSettled) {
        this.context = context;
        this.level = level;
        this.window = new RestartWindow(level.supervisionOfItems());
        this.index = index;
        this.failures = failures;
        this.whenSettled = whenSettled;
    }

    /** How many successors there were. */
    long count() {
        return count.sum();
    }

    /** Whether a failure calls for a successor; if it is to stop the topology, it does so. */
    boolean isWanted(Throwable failure) {
        Supervision supervision = level.supervisionOfItems();
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
        context.fail(new IllegalStateException(
                "worker " + index + " of '" + level.name() + "' failed and ends the topology, since " + why, failure));
        return false;
    }

    /** Makes a successor when it is time. */
    void begin(Throwable failure) {
        LOG.log(WARNING, "worker " + index + " of '" + level.name() + "' failed; another starts in " + delay, failure);
        state.set(State.WAITING);
        context.timer().after(delay, this::dispatch);
        if (context.isAborted()) {
            // who aborted may have come too early to see this
            giveUp();
        }
    }

    private void dispatch() {
        if (state.compareAndSet(State.WAITING, State.STARTING)) {
            execute(this::start);
        }
    }

    /** The topology has been aborted: nobody waits for a successor any more. */
    void giveUp() {
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
        Worker<I, O> next;
        try {
            next = level.factory().start(new WorkerContext(level.name(), index, level.howMany()));
        } catch (Throwable e) {
            failures.add(e);
            if (context.isAborted() || !isWithinLimit(e)) {
                settle(null);
            } else {
                begin(e);
            }
            return;
        }
        if (context.isAborted()) {
            close(next, failures);
            settle(null);
        } else {
            count.increment();
            settle(next);
        }
    }

    private void settle(@Nullable Worker<I, O> next) {
        state.set(State.SETTLED);
        whenSettled.accept(next);
    }

    static void close(Worker<?, ?> worker, Failures<?> failures) {
        if (worker instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Throwable e) {
                failures.closeFailed(e);
            }
        }
    }
}
