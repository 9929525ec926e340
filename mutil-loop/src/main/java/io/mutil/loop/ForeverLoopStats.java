package io.mutil.loop;

/**
 * What a loop has done so far, and how it stands.
 *
 * @param sources that are in the loop
 * @param armed of them, those whose result has not come
 * @param ready of them, those whose result was not consumed
 * @param retriesPending of them, those that failed and rest
 * @param completions results handed to consumers, failures included
 * @param failures of them, the failures
 */
public record ForeverLoopStats(
        int sources, int armed, int ready, int retriesPending, long completions, long failures) {}
