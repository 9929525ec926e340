package io.mutil.bench.fanout;

/** What the subscribers of one event loop share: a place to parse, and latencies. */
final class Meter {
    private byte[] scratch = new byte[128 << 10];
    private volatile Histogram latencies = new Histogram();
    private volatile long first = Long.MAX_VALUE;

    /** At least so long; what was in it is lost. */
    byte[] scratch(int length) {
        if (length > scratch.length) {
            scratch = new byte[length];
        }
        return scratch;
    }

    /** Begins anew with this message; nothing may be on its way. */
    void measureFrom(long sequence) {
        latencies = new Histogram();
        first = sequence;
    }

    boolean measures(long sequence) {
        return sequence >= first;
    }

    void add(long nanos) {
        latencies.add(nanos);
    }

    /** To be read when every message has arrived. */
    Histogram latencies() {
        return latencies;
    }
}
