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
 * Frames from a client to a server over TCP on the loopback: an application thread writes them one by one, the server's
 * consumer is handed every one of them and checks it. One operation is a burst of a tenth of a second, all of it
 * delivered; the score counts frames.
 *
 * <ul>
 *   <li>{@code mutil}, {@code mutilInto}: {@link MutilOneWay}.
 *   <li>{@code netty}: {@link NettyOneWay}; long frames are neither copied for the writer nor for the consumer.
 *   <li>{@code nettyCopy}: the same with copies, for frames that both may keep.
 *   <li>{@code grpc}: {@link GrpcOneWay}.
 *   <li>{@code rsocket}: {@link RSocketOneWay}.
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
public class OneWaySuite {
    /** Payload of each frame in bytes. */
    @Param({"16", "1024", "65536", "1048576"})
    public int payload;

    /** The contestant. */
    @Param({"mutil", "mutilInto", "netty", "nettyCopy", "grpc", "rsocket"})
    public String who = "";

    private @Nullable Load load;

    /** For JMH. */
    public OneWaySuite() {}

    /** Connects the ends. */
    @Setup
    public void open() throws IOException, InterruptedException {
        load = new Load(payload, receipt -> contestant(who, payload, receipt));
    }

    static OneWay contestant(String who, int payload, Receipt receipt) throws IOException, InterruptedException {
        return switch (who) {
            case "mutil" -> new MutilOneWay(receipt, 0);
            case "mutilInto" -> new MutilOneWay(receipt, payload);
            case "netty" -> new NettyOneWay(receipt, false);
            case "nettyCopy" -> new NettyOneWay(receipt, true);
            case "grpc" -> new GrpcOneWay(receipt);
            case "rsocket" -> new RSocketOneWay(receipt, payload);
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
