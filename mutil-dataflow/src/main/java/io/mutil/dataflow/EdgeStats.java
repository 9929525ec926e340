package io.mutil.dataflow;

/**
 * Counts and gauges of all queues between two levels since the start.
 *
 * @param from sending level
 * @param to receiving level
 * @param edge what each queue is
 * @param queues how many queues are in use, one for each pair of a sender and a receiver
 * @param queued items waiting now
 * @param sent items queued
 * @param filtered items that the receiver's filter did not want
 * @param dropped items dropped or refused because a queue was full
 * @param blocked how often a sender found a queue full and waited
 * @param waiting senders that wait for room now; at a WebSocket ingress, clients that are not read from
 */
public record EdgeStats(
        String from,
        String to,
        Edge edge,
        int queues,
        long queued,
        long sent,
        long filtered,
        long dropped,
        long blocked,
        long waiting) {}
