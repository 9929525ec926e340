package io.mutil.dispatch;

/**
 * What became of the lines of a table so far. Each line is in one of these counts; the counts are not taken at one moment.
 * Those that picocli refuses or answers in a {@link Dispatch#commandLine} are none of the table's.
 *
 * @param commands how many the table has, without aliases
 * @param running lines that have begun and not ended
 * @param succeeded lines with a result, help included
 * @param refused lines that were not run, with a {@link DispatchException}
 * @param failed operations that threw something else
 * @param timedOut runs that took too long
 * @param cancelled runs that were cancelled or interrupted
 */
public record DispatchStats(
        int commands, long running, long succeeded, long refused, long failed, long timedOut, long cancelled) {}
