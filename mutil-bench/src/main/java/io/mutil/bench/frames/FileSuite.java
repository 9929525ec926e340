package io.mutil.bench.frames;

import static java.util.Objects.requireNonNull;

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
 * A file of random bytes in the page cache to the other end of a connection, which forgets it or makes a file of it. One
 * operation is a whole file, received and acknowledged; the score counts millions of bytes.
 *
 * <ul>
 *   <li>{@code transferTo}: {@link PlainTransfer}.
 * </ul>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class FileSuite {
    /** Size of the file. */
    @Param({"256", "1024"})
    public int mebibytes;

    /** What it goes through. */
    @Param({"tcp", "unix"})
    public String over = "";

    /** What the other end does with it. */
    @Param({"nothing", "file"})
    public String to = "";

    /** The contestant. */
    @Param({"transferTo"})
    public String who = "";

    private @Nullable SampleFile sample;
    private @Nullable FileTransfer transfer;

    /** For JMH. */
    public FileSuite() {}

    /** Makes the file and connects the ends. */
    @Setup
    public void open() throws IOException {
        sample = new SampleFile(mebibytes);
        transfer = contestant(who, over, sample.directory(), to.equals("file") ? target(sample) : null);
    }

    static FileTransfer contestant(String who, String over, Path directory, @Nullable Path target) throws IOException {
        return switch (who) {
            case "transferTo" ->
                new PlainTransfer(
                        over.equals("unix") ? Sockets.unix(directory.resolve("socket")) : Sockets.tcp(), target);
            default -> throw new IllegalArgumentException("no contestant " + who);
        };
    }

    private static Path target(SampleFile sample) {
        return sample.directory().resolve("target");
    }

    /** Disconnects the ends; fails if the file that came is not the one that was sent. */
    @TearDown
    public void close() throws IOException, InterruptedException {
        requireNonNull(transfer).close();
        try (SampleFile sent = requireNonNull(sample)) {
            if (Files.exists(target(sent))) {
                sent.requireSame(target(sent));
            }
        }
    }

    /** A file. */
    @Benchmark
    public void send(Transferred transferred) throws IOException, InterruptedException {
        requireNonNull(transfer).send(requireNonNull(sample).path());
        transferred.megabytes += mebibytes * (double) (1 << 20) / 1e6;
    }
}
