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
import org.openjdk.jmh.infra.ThreadParams;

/**
 * Touches of keys that are there. One operation is a touch; {@code -t 2} takes two threads, which begin at different places of
 * the same order.
 *
 * <p>Before and after, every key has to be there. Peers keep the key as its own value; ours keeps a size.
 *
 * <ul>
 *   <li>{@code mutil}, {@code mutilFile}: {@code S4Lru.touch} in memory, and with the state in a file.
 *   <li>{@code caffeine}, {@code guava}: {@code getIfPresent}. {@code cache2k}: {@code peek}.
 *   <li>{@code linkedHashMap}: {@code get} of a {@code LinkedHashMap} in the order of access under a {@code ReentrantLock}.
 * </ul>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
public class TouchSuite {
    /** Which keys, and in which order. */
    @Param({"loop-2100", "zipf-100000", "uniform-1000000"})
    public String load = "";

    /** Whether the strings asked for are the keys themselves or others that equal them. */
    @Param({"same", "equal"})
    public String strings = "";

    /** The contestant. */
    @Param({"mutil", "mutilFile", "caffeine", "guava", "cache2k", "linkedHashMap"})
    public String who = "";

    private String[] keys = {};
    private String[] asked = {};
    private @Nullable Scratch scratch;
    private @Nullable Lru lru;

    /** For JMH. */
    public TouchSuite() {}

    /** Brings the keys in. */
    @Setup
    public void open() throws IOException, InterruptedException {
        Load chosen = Load.named(load);
        keys = chosen.keys();
        asked = chosen.asked(strings.equals("equal"));
        scratch = Scratch.temporary();
        Lru opened = Lrus.openFor(who, keys.length, scratch.path());
        lru = opened;
        for (String key : keys) {
            opened.add(key);
        }
        opened.flush();
        Lrus.requireAll(who, opened, keys);
    }

    /** Fails if a key has gone. */
    @TearDown
    public void close() throws IOException {
        try (Lru closed = requireNonNull(lru)) {
            Lrus.requireAll(who, closed, keys);
        } finally {
            requireNonNull(scratch).close();
        }
    }

    /** One touch. */
    @Benchmark
    public boolean touch(Cursor cursor) {
        return requireNonNull(lru).touch(cursor.next());
    }

    /** Where a thread is. */
    @State(Scope.Thread)
    public static class Cursor {
        private String[] asked = {};
        private int at;

        /** For JMH. */
        public Cursor() {}

        /** Goes to the thread's own beginning. */
        @Setup
        public void start(TouchSuite suite, ThreadParams threads) {
            asked = suite.asked;
            at = (int) ((long) asked.length * threads.getThreadIndex() / threads.getThreadCount());
        }

        private String next() {
            String key = asked[at];
            at = at + 1 == asked.length ? 0 : at + 1;
            return key;
        }
    }
}
