package io.mutil.bench.service;

import static java.util.Objects.requireNonNull;

import io.mutil.bench.Scratch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One operation asks for one answer that is stored; one after the other is asked for. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1)
public abstract class HitSuite {
    static final int ENTRIES = 256;

    private @Nullable Scratch scratch;
    private @Nullable StoredAnswers answers;
    private int next;

    HitSuite() {}

    abstract StoredAnswers stored(Path directory) throws Exception;

    /** Stores what will be asked for. */
    @Setup
    public void open() throws Exception {
        scratch = Scratch.temporary();
        answers = stored(scratch.path());
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

    /** One answer. */
    @Benchmark
    public Object hit() throws Exception {
        next = (next + 1) % ENTRIES;
        return requireNonNull(answers).get(next);
    }
}
