package io.mutil.bench.fanout;

/**
 * Who gets what.
 *
 * @param clients how many subscribe
 * @param keys how many keys the messages have, in turn
 * @param keyed whether a client subscribes to one key, each to the next one, or else to all messages
 * @param array how many messages an upstream frame has, as a JSON array; 1 is no array
 */
record Traffic(int clients, int keys, boolean keyed, int array) {
    /** Deliveries that may be under way, as far as they depend on how many clients there are. */
    private static final int OUTSTANDING = 1 << 19;
    /** Of one client, just less than a MiB. */
    private static final int OUTSTANDING_OF_CLIENT = 4096;
    /** Of the upstream, about 13 MB. */
    private static final int MAX_WINDOW = 1 << 16;

    /** With no more keys than clients, so that each has a subscriber. */
    static Traffic of(int clients, int keys, boolean keyed, int array) {
        return new Traffic(clients, Math.max(1, Math.min(clients, keys)), keyed, keyed ? 1 : array);
    }

    double deliveriesPerMessage() {
        return keyed ? (double) clients / keys : clients;
    }

    /** How many messages the upstream may be ahead of the slowest client. */
    int window() {
        int share = keyed ? keys : 1;
        long byClient = (long) OUTSTANDING_OF_CLIENT * share;
        long byAll = Math.max(64L * share, (long) (OUTSTANDING / deliveriesPerMessage()));
        return (int) Math.min(MAX_WINDOW, Math.min(byClient, byAll));
    }

    Traffic withClients(int number) {
        return new Traffic(number, keys, keyed, array);
    }

    @Override
    public String toString() {
        return (keyed ? "keyed" : "all") + " clients=" + clients;
    }
}
