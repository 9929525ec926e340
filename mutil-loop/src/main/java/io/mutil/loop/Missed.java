package io.mutil.loop;

/**
 * What becomes of due times that passed without a run: because the machine was asleep, its clock jumped forward, the run before
 * was still going, or the task was paused. Runs of one task never overlap.
 */
public enum Missed {
    /** They are dropped; the next run comes at the next due time. */
    SKIP,
    /** One run makes up for all of them, as soon as it can. */
    RUN_ONCE,
    /** Each is made up for, one after the other in order, as far as {@link Plan#maxMissed} allows. */
    RUN_ALL
}
