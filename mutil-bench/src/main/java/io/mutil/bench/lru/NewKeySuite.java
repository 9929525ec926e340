package io.mutil.bench.lru;

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
 * New keys in a cache that is full: each brings itself in, and another one goes. One operation is a key, its string included.
 *
 * <p>{@code mutilFile} writes every key that comes or goes to its journal and waits when that falls behind, so iterations
 * should be as long as they are, for the journal to be what is measured. Peers have nothing on disk. Ours is asked after
 * each key what has to go, as a caller would.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
public class NewKeySuite {
    /** How many keys stay. */
    @Param("100000")
    public int capacity;

    /** The contestant. */
    @Param({"mutil", "mutilFile", "caffeine", "guava", "cache2k", "linkedHashMap"})
    public String who = "";

    private long next;
    private @Nullable Scratch scratch;
    private @Nullable Lru lru;

    /** For JMH. */
    public NewKeySuite() {}

    /** Fills it. */
    @Setup
    public void open() throws IOException, InterruptedException {
        scratch = Scratch.temporary();
        Lru opened = Lrus.open(who, capacity, scratch.path());
        lru = opened;
        for (int i = 0; i < capacity; i++) {
            add();
        }
        opened.flush();
    }

    /** Empties it. */
    @TearDown
    public void close() throws IOException {
        try {
            requireNonNull(lru).close();
        } finally {
            requireNonNull(scratch).close();
        }
    }

    /** One new key. */
    @Benchmark
    public void add() {
        requireNonNull(lru).add("key-" + next++);
    }
}
