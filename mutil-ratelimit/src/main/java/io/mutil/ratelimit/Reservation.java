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
     * shrinks when some of them give up, and grows when they are late. Once nobody but reservations is ahead, as always where
     * nobody waits, it is a promise: it comes no sooner, and later only if the rules are changed, the server holds back or a
     * wall clock is put right meanwhile. So ask again after the wait.
     *
     * @throws IllegalStateException if it was cancelled, or the rules now allow less at once than was reserved
     */
    Duration timeToWait();

    /**
     * Gives the place back. Callers who wait behind move forward, other reservations only if their time is not promised yet:
     * where it is, their owners sleep until then, so that the time of this one is lost if only such are behind it. Permits
     * whose time has come count no longer either, so they must not have been used.
     *
     * @return whether there was something to give back; false the second time
     */
    boolean cancel();
}
