package io.mutil.loop;

/**
 * What a loop has done so far, and how it stands.
 *
 * @param sources that are in the loop
 * @param armed of them, those whose result has not come
 * @param ready of them, those whose result was not taken; those whose result a consumer is at work with are none of the three
 * @param retriesPending of them, those that failed and rest
 * @param completions results that consumers took, failures included
 * @param failures of them, the failures
 */
public record ForeverLoopStats(
        int sources, int armed, int ready, int retriesPending, long completions, long failures) {}
