package io.mutil.dataflow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The queue of one edge between one sender and one receiver, and its counters.
 *
 * <p>One thread at a time offers and counts, one thread at a time polls; anyone may read the counters.
 */
abstract sealed class Lane<T> permits Ring, LossyLane {
    private static final VarHandle COUNTER = MethodHandles.arrayElementVarHandle(long[].class);

    // The receiver's counter and the sender's lie two cache lines apart, and away from other objects.
    private static final int POLLED = 16;
    private static final int OFFERED = 32;
    private static final int FILTERED = 33;
    private static final int DROPPED = 34;
    private static final int BLOCKED = 35;
    private static final int RELEASED = 36;

    private final long[] counters = new long[48];

    /** Queues the item; false if there is no room. */
    abstract boolean offer(T item);

    abstract @Nullable T poll();

    abstract boolean isEmpty();

    final long polled() {
        return read(POLLED);
    }

    final long offered() {
        return read(OFFERED);
    }

    final long filtered() {
        return read(FILTERED);
    }

    final long dropped() {
        return read(DROPPED);
    }

    final long blocked() {
        return read(BLOCKED);
    }

    final long released() {
        return read(RELEASED);
    }

    final void countPolled() {
        increment(POLLED);
    }

    final void countOffered() {
        increment(OFFERED);
    }

    final void countFiltered() {
        increment(FILTERED);
    }

    final void countDropped() {
        increment(DROPPED);
    }

    final void countBlocked() {
        increment(BLOCKED);
    }

    /** A sender that was counted as blocked waits no longer. */
    final void countReleased() {
        increment(RELEASED);
    }

    private void increment(int counter) {
        COUNTER.setOpaque(counters, counter, counters[counter] + 1);
    }

    private long read(int counter) {
        return (long) COUNTER.getOpaque(counters, counter);
    }
}
