package io.mutil.bench.frames;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Items from a source in this JVM to a worker in a child JVM, which keeps them or sends them back to a sink here. One
 * operation is a burst, all of which has to arrive; the score counts items. Raw bytes, one by one or several as one.
 *
 * <p>There is no peer: nothing else runs a level of a topology in a process of its own.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ProcessSuite {
    /** Bytes of each item. */
    @Param({"16", "1024"})
    public int payload;

    /** How many travel as one. */
    @Param({"1", "64"})
    public int batch;

    /** Whether they come back. */
    @Param({"thereAndBack", "oneWay"})
    public String way = "";

    /** For the table. */
    @Param("mutil")
    public String who = "";

    private @Nullable ProcessFlow flow;

    /** For JMH. */
    public ProcessSuite() {}

    /** Starts the topology and its child. */
    @Setup
    public void open() throws IOException {
        flow = new ProcessFlow(new byte[payload * batch], way.equals("thereAndBack"));
    }

    /** Ends both. */
    @TearDown
    public void close() {
        requireNonNull(flow).close();
    }

    /** A burst. */
    @Benchmark
    public void pass(Delivered delivered) throws InterruptedException {
        int items = (int) Math.min(100_000, (64 << 20) / ((long) payload * batch));
        requireNonNull(flow).pass(items);
        delivered.add((long) items * batch, payload);
    }
}
