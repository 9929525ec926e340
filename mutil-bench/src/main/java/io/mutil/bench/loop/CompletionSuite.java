package io.mutil.bench.loop;

import static java.util.Objects.requireNonNull;

import java.util.BitSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
 * The next result of any of so many sources, whose source is set to work again. One operation is a result.
 *
 * <p>Sources do next to nothing, so what is measured is the way there and back. All contestants use the same executor: {@code
 * same} runs the work in the thread that hands it over, {@code one} and {@code two} are fixed pools of so many threads.
 *
 * <ul>
 *   <li>{@code mutil}: callables in a {@code ForeverLoop}. {@code mutil-async}: suppliers of futures that the executor completes.
 *   <li>{@code completionService}: {@code ExecutorCompletionService}, whose user submits each callable again by hand. It knows no
 *       names, no failures in a row and no removal.
 * </ul>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CompletionSuite {
    /** How many there are. */
    @Param({"1", "100", "10000"})
    public int sources;

    /** Who does the work. */
    @Param({"same", "one", "two"})
    public String threads = "";

    /** The contestant. */
    @Param({"mutil", "mutil-async", "completionService"})
    public String who = "";

    private @Nullable ExecutorService pool;
    private @Nullable Turns turns;

    /** For JMH. */
    public CompletionSuite() {}

    /** Sets the sources to work; each has to have its turn. */
    @Setup
    public void open() throws InterruptedException, ExecutionException {
        pool = switch (threads) {
            case "same" -> null;
            case "one" -> Executors.newFixedThreadPool(1);
            case "two" -> Executors.newFixedThreadPool(2);
            default -> throw new IllegalArgumentException("threads are same, one or two, was " + threads);
        };
        Executor executor = pool == null ? Runnable::run : pool;
        turns = Turns.of(who, sources, executor);
        requireAll();
    }

    private void requireAll() throws InterruptedException, ExecutionException {
        var seen = new BitSet(sources);
        for (long left = 100L * sources + 100; seen.cardinality() < sources; left--) {
            if (left == 0) {
                throw new IllegalStateException(who + ": " + (sources - seen.cardinality()) + " sources have no turn");
            }
            seen.set(requireNonNull(turns).next());
        }
    }

    /** Fails if a source has been lost. */
    @TearDown
    public void close() throws InterruptedException, ExecutionException {
        try {
            requireAll();
        } finally {
            requireNonNull(turns).close();
            if (pool != null) {
                pool.shutdownNow();
            }
        }
    }

    /** The next result. */
    @Benchmark
    public int next() throws InterruptedException, ExecutionException {
        return requireNonNull(turns).next();
    }
}
