package io.mutil.bench.frames;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * Frames of 64 bytes from a client to a server and back over TCP on the loopback. One operation is a round trip: the
 * application thread sends a frame and, while as many as allowed are outstanding, waits for the next reply and checks it.
 *
 * <ul>
 *   <li>{@code mutil}: {@link MutilRoundTrip}.
 *   <li>{@code netty}: {@link NettyRoundTrip}.
 *   <li>{@code grpc}: {@link GrpcRoundTrip}.
 *   <li>{@code rsocket}: {@link RSocketRoundTrip}.
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
public class RoundTripSuite {
    private static final int PAYLOAD = 64;

    /** Frames without a reply at any time. */
    @Param({"1", "64"})
    public int outstanding;

    /** The contestant. */
    @Param({"mutil", "netty", "grpc", "rsocket"})
    public String who = "";

    private final Frames frames = new Frames(PAYLOAD);
    private final Receipt receipt = new Receipt(PAYLOAD);
    private @Nullable RoundTrip line;
    private long sent;
    private int waiting;

    /** For JMH. */
    public RoundTripSuite() {}

    /** Connects the ends. */
    @Setup
    public void open() throws IOException, InterruptedException {
        line = contestant(who, receipt);
    }

    static RoundTrip contestant(String who, Receipt receipt) throws IOException, InterruptedException {
        return switch (who) {
            case "mutil" -> new MutilRoundTrip(receipt);
            case "netty" -> new NettyRoundTrip(receipt);
            case "grpc" -> new GrpcRoundTrip(receipt);
            case "rsocket" -> new RSocketRoundTrip(receipt);
            default -> throw new IllegalArgumentException("no contestant " + who);
        };
    }

    /** Waits for the last replies; none may be missing. */
    @TearDown(Level.Iteration)
    public void drain() throws IOException, InterruptedException {
        RoundTrip trips = requireNonNull(line);
        for (; waiting > 0; waiting--) {
            trips.awaitReply();
        }
        receipt.await(sent);
    }

    /** Disconnects the ends. */
    @TearDown
    public void close() throws IOException, InterruptedException {
        requireNonNull(line).close();
    }

    /** A round trip. */
    @Benchmark
    public void trip() throws IOException, InterruptedException {
        RoundTrip trips = requireNonNull(line);
        trips.send(frames.get(sent));
        sent++;
        if (++waiting >= outstanding) {
            trips.awaitReply();
            waiting--;
        }
    }
}
