package io.mutil.bench.frames;

import static java.util.Objects.requireNonNull;

import io.mutil.server.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * A file of random bytes in the page cache to the other end of a connection, which makes a file of it, in memory or on the
 * disk. One operation is a whole file, received and acknowledged; the score counts millions of bytes.
 *
 * <ul>
 *   <li>{@code mutil}: {@link MutilTransfer}.
 *   <li>{@code transferTo}: {@link PlainTransfer}.
 * </ul>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:G1HeapRegionSize=4m", "-XX:+AlwaysPreTouch"})
public class FileSuite {
    private static final Path MEMORY = Path.of("/dev/shm");

    /** Size of the file. */
    @Param({"256", "1024"})
    public int mebibytes;

    /** What it goes through. */
    @Param({"tcp", "unix"})
    public String over = "";

    /** Where the other end puts it: a file system in memory, so that the connection counts, or that of the source. */
    @Param({"memory", "disk"})
    public String to = "";

    /** The contestant. */
    @Param({"mutil", "transferTo"})
    public String who = "";

    private @Nullable SampleFile sample;
    private @Nullable Path targets;
    private @Nullable FileTransfer transfer;

    /** For JMH. */
    public FileSuite() {}

    /** Makes the file and connects the ends. */
    @Setup
    public void open() throws IOException, InterruptedException {
        sample = new SampleFile(mebibytes);
        targets = Files.createTempDirectory(to.equals("memory") ? MEMORY : sample.directory(), "mutil-bench");
        transfer = contestant(who, over, sample.directory(), target());
    }

    static FileTransfer contestant(String who, String over, Path directory, Path target)
            throws IOException, InterruptedException {
        return switch (who) {
            case "mutil" ->
                new MutilTransfer(
                        over.equals("unix") ? Endpoint.unix(directory.resolve("socket")) : Endpoint.tcp(0), target);
            case "transferTo" ->
                new PlainTransfer(
                        over.equals("unix") ? Sockets.unix(directory.resolve("socket")) : Sockets.tcp(), target);
            default -> throw new IllegalArgumentException("no contestant " + who);
        };
    }

    private Path target() {
        return requireNonNull(targets).resolve("target");
    }

    /** Disconnects the ends; fails if the file that came is not the one that was sent. */
    @TearDown
    public void close() throws IOException, InterruptedException {
        requireNonNull(transfer).close();
        try (SampleFile sent = requireNonNull(sample)) {
            if (Files.exists(target())) {
                sent.requireSame(target());
                Files.delete(target());
            }
            Files.delete(requireNonNull(targets));
        }
    }

    /** A file. */
    @Benchmark
    public void send(Transferred transferred) throws IOException, InterruptedException {
        requireNonNull(transfer).send(requireNonNull(sample).path());
        transferred.megabytes += mebibytes * (double) (1 << 20) / 1e6;
    }
}
