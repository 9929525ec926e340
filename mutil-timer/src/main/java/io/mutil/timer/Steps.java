package io.mutil.timer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Counts the steps of all threads, and has somebody look when a count is reached.
 *
 * <p>A step is one atomic addition and one comparison. Who reaches the count takes it away from the others, looks, which may write a
 * line, and sets the next one. Nobody waits for it: meanwhile others go on counting, and what they pass is seen by the next look.
 */
final class Steps {
    /** Looks, one thread at a time, each seeing what the one before did. */
    interface Watch {
        /**
         * Looks, and tells the count at which to look again.
         *
         * @param steps how many came at once, by the call that looks
         */
        long look(long count, long steps);
    }

    private static final VarHandle COUNT;
    private static final VarHandle NEXT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            COUNT = lookup.findVarHandle(Steps.class, "count", long.class);
            NEXT = lookup.findVarHandle(Steps.class, "next", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable Watch watch;
    private volatile long count;
    /** Nobody looks below it; as large as it goes while somebody does. */
    private volatile long next;

    /**
     * Counts and is watched.
     *
     * @param first the first count at which to look
     */
    Steps(Watch watch, long first) {
        this.watch = watch;
        next = first;
    }

    /** Only counts. */
    Steps() {
        watch = null;
        next = Long.MAX_VALUE;
    }

    void add(long steps) {
        long after = (long) COUNT.getAndAdd(this, steps) + steps;
        if (after >= (long) NEXT.getOpaque(this)) {
            look(steps);
        }
    }

    long count() {
        return count;
    }

    private void look(long steps) {
        long due = next;
        if (watch == null || count < due || !NEXT.compareAndSet(this, due, Long.MAX_VALUE)) {
            return;
        }
        long seen = count;
        long then = Sums.saturated(seen, 1);
        try {
            then = watch.look(seen, steps);
        } finally {
            next = then;
        }
    }
}
