package io.mutil.dataflow;

/**
 * Counts of one level since the start.
 *
 * @param name of the level
 * @param width workers, or 1 for an egress, or senders of an ingress: event loops where it listens, pipes, or 1
 * @param received items taken off the edges into this level; 0 for the ingress
 * @param errors items whose processing failed, at an ingress also refused messages and pipes that broke
 * @param discarded at a network egress: items while nobody was connected, and messages that single peers missed because
 *     they were slow or too long for them; with frames also those that were queued for a connection that broke
 * @param restarts how often a new worker took the place of one that failed
 */
public record LevelStats(String name, int width, long received, long errors, long discarded, long restarts) {}
