package io.mutil.bench.frames;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the measured transfers moved; JMH divides it by the time they took. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Transferred {
    /** Millions of bytes. */
    public double megabytes;

    /** For JMH. */
    public Transferred() {}
}
