package io.mutil.ratelimit;

import org.jspecify.annotations.Nullable;

/** One who waits, with its place in the line. Guarded by the lock of the gate, except where it is told something. */
abstract class Waiter {
    final int permits;
    final long arrived;
    /** When the permits were counted, once they were. */
    long admitted;

    @Nullable
    Waiter ahead;

    @Nullable
    Waiter behind;

    boolean queued;
    /** Why it will never have its turn. */
    @Nullable
    String refusal;

    Waiter(int permits, long arrived) {
        this.permits = permits;
        this.arrived = arrived;
    }

    /** When its turn comes, or should be asked for again; told without the lock, so perhaps after a later one. */
    abstract void told(GateState.Next next);

    /** That it will never have its turn; told without the lock, when it is out of the line. */
    abstract void refused(String why);
}
