package io.mutil.ratelimit;

import java.time.Duration;

/**
 * A place in the line of a limit, for a caller who waits in its own way. The permits are handed out at its time, whether
 * they are used then or not.
 *
 * <p>Safe for use by many threads.
 */
public interface Reservation {
    /** How many permits were reserved. */
    int permits();

    /**
     * How long it is until the permits may be used, zero if they may be now.
     *
     * <p>While callers who wait in {@code acquire} are ahead this is what will be if all of them go at their times. It
     * shrinks when some of them give up, and grows when they are late or the rules change, so ask again after the wait. Once
     * nobody but reservations is ahead, as always where nobody waits, it is a promise.
     *
     * @throws IllegalStateException if it was cancelled, or the rules now allow less at once than was reserved
     */
    Duration timeToWait();

    /**
     * Gives the place back, and everybody behind moves forward. Permits whose time has come count no longer either, so they
     * must not have been used.
     *
     * @return whether there was something to give back; false the second time
     */
    boolean cancel();
}
