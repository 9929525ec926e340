package io.mutil.bench.frames;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the measured bursts delivered; JMH divides it by the time they took. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Delivered {
    /** Frames that came out. */
    public long frames;
    /** Millions of payload bytes that came out. */
    public double megabytes;

    /** For JMH. */
    public Delivered() {}

    void add(long count, int payload) {
        frames += count;
        megabytes += count * (payload / 1e6);
    }
}
