package io.mutil.dataflow;

/**
 * Counts of one level since the start.
 *
 * @param name of the level
 * @param width workers, or 1 for an egress, or senders of an ingress: event loops where it listens, pipes, or 1
 * @param received items taken off the edges into this level; 0 for the ingress
 * @param errors items whose processing failed, at an ingress also refused messages, pipes that broke,
 *     framed connections that broke, and WebSockets that broke inside a message
 * @param discarded at a network egress: items while nobody was connected, and messages that single peers missed: because
 *     they were slow, the message too long for them, or their connection broke while it was queued. What this process had
 *     handed to the operating system before that may be lost too, which it cannot know and does not count
 * @param restarts how often a new worker, pipe or connection took the place of one that failed or ended, or a sink started
 *     again; at a level that listens 0
 * @param connections how many peers are connected to a network level now; 0 elsewhere
 */
public record LevelStats(
        String name, int width, long received, long errors, long discarded, long restarts, int connections) {}
