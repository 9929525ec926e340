package io.mutil.bench.time;

import com.google.common.base.Stopwatch;
import io.mutil.timer.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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
 * One step of a loop that wants a report each hour. Run it with {@code -t 1} and {@code -t 2}.
 *
 * <p>{@code mutil-count} wants one each million million steps instead, {@code mutil-each} at each step but at most each hour. {@code
 * mutil-many} makes 4,096 steps at once, as streams of bytes do. {@code guava} asks a Stopwatch at each step, and {@code adder} the
 * clock itself; both count with a {@link LongAdder}.
 *
 * <p>{@code mutil-line} wants a progress line. It has one only with {@code -p who=mutil-line -f 0} on a terminal, as the processes
 * that JMH starts have none, and without one it only counts.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class StepSuite {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final long MANY = 1_000_000_000_000L;

    /** The contestant. */
    @Param({"mutil", "mutil-count", "mutil-each", "mutil-many", "guava", "adder"})
    public String who = "";

    private Runnable step = () -> {};
    private @Nullable Timer timer;

    /** For JMH. */
    public StepSuite() {}

    /** Begins the loop. */
    @Setup
    public void open() {
        step = switch (who) {
            case "mutil" -> step(Timer.named("loop").every(HOUR).start());
            case "mutil-count" -> step(Timer.named("loop").every(MANY).start());
            case "mutil-each" ->
                step(Timer.named("loop").every(1).atMostEvery(HOUR).start());
            case "mutil-many" -> many(Timer.named("loop").every(HOUR).start());
            case "mutil-line" -> step(Timer.named("loop").progress().start());
            case "guava" -> guava();
            case "adder" -> adder();
            default -> throw new IllegalArgumentException("no contestant is called " + who);
        };
    }

    private Runnable step(Timer started) {
        timer = started;
        return started::step;
    }

    private Runnable many(Timer started) {
        timer = started;
        return () -> started.step(4_096);
    }

    private static Runnable guava() {
        var count = new LongAdder();
        Stopwatch watch = Stopwatch.createStarted();
        return () -> {
            count.increment();
            if (watch.elapsed(TimeUnit.NANOSECONDS) >= HOUR.toNanos()) {
                throw new IllegalStateException("a report of " + count + " was not expected so soon");
            }
        };
    }

    private static Runnable adder() {
        var count = new LongAdder();
        long due = System.nanoTime() + HOUR.toNanos();
        return () -> {
            count.increment();
            if (System.nanoTime() - due >= 0) {
                throw new IllegalStateException("a report of " + count + " was not expected so soon");
            }
        };
    }

    /** One step. */
    @Benchmark
    public void step() {
        step.run();
    }

    /** Ends the loop. */
    @TearDown
    public void close() {
        if (timer != null) {
            timer.close();
        }
    }
}
