package io.mutil.bench.fanout;

/**
 * What a client wants.
 *
 * @param path of its connection
 * @param request the message by which it subscribes, which is answered; empty if the path says everything
 * @param step from the sequence number of one of its messages to the next
 * @param beforeFirst the sequence number of its first message, less a step
 */
record Subscription(String path, String request, int step, long beforeFirst) {
    private static final String EVERYTHING = "{\"subscribe:all\": true}";

    /** As our proxy and those like it take it. */
    static Subscription of(Traffic traffic, int client) {
        int key = client % traffic.keys();
        return at("/", traffic.keyed() ? "{\"subscribe\": [\"" + Tick.key(key) + "\"]}" : EVERYTHING, traffic, key);
    }

    /** Where every key has a path of its own. */
    static Subscription byPath(Traffic traffic, int client) {
        int key = client % traffic.keys();
        return at(traffic.keyed() ? "/sub/" + Tick.key(key) : "/sub/all", "", traffic, key);
    }

    private static Subscription at(String path, String request, Traffic traffic, int key) {
        int step = traffic.keyed() ? traffic.keys() : 1;
        long first = !traffic.keyed() ? 1 : key == 0 ? step : key;
        return new Subscription(path, request, step, first - step);
    }
}
