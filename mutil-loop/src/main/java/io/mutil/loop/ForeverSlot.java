package io.mutil.loop;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A source in the loop, and the node of its only queue.
 *
 * <p>Its state is what it waits for, or one of three words: idle, as somebody has its result in hand and has not armed it
 * again; ready, with a result in the queue; gone. Each change is one compare-and-set, so of a completion, a removal and a
 * consumer that come together one wins. What an arming brings counts only while the state is that very arming: a late
 * completion of an earlier one changes nothing, and so does one of a source that is gone.
 */
final class ForeverSlot<T extends @Nullable Object> extends ForeverQueue.Node {
    private static final Object IDLE = "idle";
    private static final Object READY = "ready";
    private static final Object GONE = "gone";
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(ForeverSlot.class, "state", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Source<T> source;
    private final ForeverCore<T> core;
    private volatile Object state = IDLE;

    // of whoever made the last change of state
    private @Nullable T value;
    private @Nullable Throwable failure;
    private int failures;

    ForeverSlot(Source<T> source, ForeverCore<T> core) {
        this.source = source;
        this.core = core;
    }

    Source<T> source() {
        return source;
    }

    ForeverCore<T> core() {
        return core;
    }

    boolean isGone() {
        return state == GONE;
    }

    /** Arms an idle source; false if it is gone. */
    boolean arm() {
        return become(IDLE, source.arming(this));
    }

    /** Arms a source that waited. */
    void armAfter(ForeverPending wait) {
        become(wait, source.arming(this));
    }

    /** Waits before it is armed again; false if it is gone. */
    boolean rest(Duration delay) {
        return become(IDLE, new ForeverRetry(this, delay));
    }

    private boolean become(Object from, ForeverPending next) {
        boolean became = STATE.compareAndSet(this, from, next);
        if (became) {
            next.start();
        }
        return became;
    }

    /**
     * An arming has ended. Any thread.
     *
     * @return false if nobody waits for it any more
     */
    boolean complete(ForeverPending arming, @Nullable T value, @Nullable Throwable failure) {
        if (!STATE.compareAndSet(this, arming, READY)) {
            return false;
        }
        this.value = value;
        this.failure = failure;
        failures = failure == null ? 0 : failures + 1;
        core.ready(this);
        return true;
    }

    /** By whoever popped it: its result is in hand. */
    boolean claim() {
        return STATE.compareAndSet(this, READY, IDLE);
    }

    boolean hasFailed() {
        return failure != null;
    }

    /** The result of a claimed source. Once only, as it is not kept here. */
    Completion<T> takeResult() {
        Throwable failed = failure;
        Optional<Duration> retryIn = failed == null ? Optional.empty() : core.retryIn(source, failed, failures);
        var completion = new Completion<>(source, value, failed, failures, retryIn);
        value = null;
        failure = null;
        return completion;
    }

    /** Ends an idle source; whether it was idle. */
    boolean stop() {
        return STATE.compareAndSet(this, IDLE, GONE);
    }

    /** Ends it whatever it does; whether a result was in the queue. */
    boolean end() {
        Object before = requireNonNull(STATE.getAndSet(this, GONE));
        if (before instanceof ForeverPending pending) {
            pending.cancel();
        }
        return before == READY;
    }

    boolean isReady() {
        return state == READY;
    }

    boolean isResting() {
        return state instanceof ForeverRetry;
    }

    boolean isArmed() {
        return state instanceof ForeverPending && !isResting();
    }
}
