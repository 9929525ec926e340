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
 * Frames through an OS pipe within the JVM: an application thread writes them one by one, a consumer is handed every one
 * of them and checks it. One operation is a burst of a tenth of a second, all of it delivered; the score counts frames.
 *
 * <ul>
 *   <li>{@code mutil}: {@link MutilPipe}.
 *   <li>{@code blocking}: {@link BlockingPipe} whose frames are views of its read buffer.
 *   <li>{@code blockingCopy}: {@link BlockingPipe} whose frames the consumer may keep, as it may ours.
 *   <li>{@code jeromq}: {@link JeroMqOneWay}, which has no pipe and takes a TCP connection.
 * </ul>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:G1HeapRegionSize=4m", "-XX:+AlwaysPreTouch"})
public class PipeSuite {
    /** Payload of each frame in bytes. */
    @Param({"16", "1024", "65536", "1048576"})
    public int payload;

    /** The contestant. */
    @Param({"mutil", "blocking", "blockingCopy", "jeromq"})
    public String who = "";

    private @Nullable Load load;

    /** For JMH. */
    public PipeSuite() {}

    /** Connects the ends. */
    @Setup
    public void open() throws IOException, InterruptedException {
        load = new Load(payload, receipt -> contestant(who, payload, receipt));
    }

    static OneWay contestant(String who, int payload, Receipt receipt) throws IOException {
        return switch (who) {
            case "mutil" -> new MutilPipe(receipt);
            case "blocking" -> new BlockingPipe(receipt, false);
            case "blockingCopy" -> new BlockingPipe(receipt, true);
            case "jeromq" -> new JeroMqOneWay(receipt, payload);
            default -> throw new IllegalArgumentException("no contestant " + who);
        };
    }

    /** Disconnects the ends. */
    @TearDown
    public void close() throws IOException, InterruptedException {
        requireNonNull(load).close();
    }

    /** A burst. */
    @Benchmark
    public void stream(Delivered delivered) throws IOException, InterruptedException {
        delivered.add(requireNonNull(load).burst(), payload);
    }
}
