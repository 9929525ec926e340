package io.mutil.bench.service;

import static java.util.Objects.requireNonNull;

import io.mutil.bench.Scratch;
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
 * Answers that are on the disk already, in the page cache; one operation is a request and its whole body as bytes. {@code mutil}
 * has no memory tier; {@code okhttp} is the cache of that client, filled by a server on loopback that is gone afterwards.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1)
public class DiskHitSuite {
    /** Bytes of a body. */
    @Param({"1000", "100000"})
    public int bytes;

    /** The contestant. */
    @Param({"mutil", "okhttp"})
    public String who = "";

    private static final int ENTRIES = 256;

    private @Nullable Scratch scratch;
    private @Nullable StoredAnswers answers;
    private int next;

    /** For JMH. */
    public DiskHitSuite() {}

    /** Stores what will be asked for. */
    @Setup
    public void open() throws Exception {
        scratch = Scratch.temporary();
        answers = StoredAnswers.onDisk(who, scratch.path(), ENTRIES, bytes);
    }

    /** Removes it. */
    @TearDown
    public void close() throws IOException {
        try {
            requireNonNull(answers).close();
        } finally {
            requireNonNull(scratch).close();
        }
    }

    /** One answer; they are asked for one after the other. */
    @Benchmark
    public Object hit() throws Exception {
        next = (next + 1) % ENTRIES;
        return requireNonNull(answers).get(next);
    }
}
