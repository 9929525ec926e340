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
 * Answers that are in memory already; one operation is one of them. {@code mutil} is asked by a key, {@code caffeine}, the map
 * below it, by the same key, {@code mutilRequest} by an {@code HttpRequest}, of which it makes the key.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1)
public class MemoryHitSuite {
    /** The contestant. */
    @Param({"mutil", "caffeine", "mutilRequest"})
    public String who = "";

    private static final int ENTRIES = 256;
    private static final int BYTES = 1000;

    private @Nullable Scratch scratch;
    private @Nullable StoredAnswers answers;
    private int next;

    /** For JMH. */
    public MemoryHitSuite() {}

    /** Stores what will be asked for. */
    @Setup
    public void open() throws Exception {
        scratch = Scratch.temporary();
        answers = StoredAnswers.inMemory(who, scratch.path(), ENTRIES, BYTES);
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
