package io.mutil.loop;

/**
 * What a {@link Schedule} does, and has done.
 *
 * @param tasks that have runs to come or one in progress
 * @param paused of them
 * @param running of them
 * @param succeeded runs that returned
 * @param failed runs that threw an exception, or that no thread took
 * @param cancelled runs that were interrupted as their task was cancelled
 * @param timedOut runs that took longer than their limit
 * @param missed due times that passed without a run of their own
 */
public record ScheduleStats(
        int tasks, int paused, int running, long succeeded, long failed, long cancelled, long timedOut, long missed) {}
