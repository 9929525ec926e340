package io.mutil.awssig;

/**
 * Counters of a verifier since it was made.
 *
 * @param accepted requests whose signature was right, whatever became of their bodies later
 * @param refused requests that were refused
 */
public record VerifierStats(long accepted, long refused) {}
