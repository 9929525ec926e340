package io.mutil.wproxy;

import java.util.List;

/**
 * Counters and gauges of a proxy. Rates are means over the last ten seconds or so.
 *
 * @param connected whether there is a connection to the upstream now
 * @param connects connections to the upstream that were made
 * @param subscriptions keys that the upstream has been asked for
 * @param messagesIn messages of the upstream
 * @param bytesIn their bytes
 * @param illegible of these, messages in which no keys could be looked for
 * @param clients connected now
 * @param keys that somebody subscribes to now
 * @param messagesOut messages and elements handed to connections of clients, with answers to commands
 * @param missed messages and elements that clients did not get because they were too slow
 * @param closedSlow clients that were closed for being too slow
 * @param recorded messages of the upstream that have been written to the recording
 * @param notRecorded those that have not, because the disk was too slow or full
 * @param messagesInPerSecond rate of {@code messagesIn}
 * @param messagesOutPerSecond rate of {@code messagesOut}
 * @param slowest up to ten clients that are behind or have missed something, the slowest first
 */
public record Stats(
        boolean connected,
        long connects,
        int subscriptions,
        long messagesIn,
        long bytesIn,
        long illegible,
        int clients,
        int keys,
        long messagesOut,
        long missed,
        long closedSlow,
        long recorded,
        long notRecorded,
        double messagesInPerSecond,
        double messagesOutPerSecond,
        List<Client> slowest) {
    /** Copies the list. */
    public Stats {
        slowest = List.copyOf(slowest);
    }

    /**
     * Counters and gauges of one client.
     *
     * @param address of the client, as {@code 127.0.0.1:33016} or {@code [::1]:33016}
     * @param subscriptions keys that it subscribes to
     * @param everything whether it subscribes to everything
     * @param messagesOut handed to its connection, with answers to commands
     * @param missed messages and elements that it did not get
     * @param waitingBytes that wait for it now, what is on its way to the kernel not counted
     */
    public record Client(
            String address, int subscriptions, boolean everything, long messagesOut, long missed, long waitingBytes) {}
}
