package io.mutil.bench.time;

import com.google.common.base.Stopwatch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mutil.timer.Section;
import io.mutil.timer.Timer;
import io.mutil.timer.Timings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * An empty section, timed and added up: count, total, quantiles. Run it with {@code -t 1} and {@code -t 2}.
 *
 * <p>Ours has a line for the log too, whose level is off. {@code mutil-unkept} has nothing that adds up, {@code mutil-start} in
 * addition no section that was kept, and so asks the stack each time which class calls. {@code micrometer} has the quantiles that ours has; {@code
 * guava} is a Stopwatch whose time goes into two {@link LongAdder}s, without quantiles.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SectionSuite {
    private static final Logger LOGGER = System.getLogger(SectionSuite.class.getName());

    /** The contestant. */
    @Param({"mutil", "mutil-unkept", "mutil-start", "guava", "micrometer"})
    public String who = "";

    private Runnable section = () -> {};

    /** For JMH. */
    public SectionSuite() {}

    /** Makes what is kept from one section to the next. */
    @Setup
    public void open() {
        section = switch (who) {
            case "mutil" -> section(quiet().into(Timings.create()));
            case "mutil-unkept" -> section(quiet());
            case "mutil-start" ->
                () -> Timer.named("section").level(Level.TRACE).start().close();
            case "guava" -> guava();
            case "micrometer" -> micrometer();
            default -> throw new IllegalArgumentException("no contestant is called " + who);
        };
    }

    private static Section quiet() {
        return Timer.named("section").logger(LOGGER).level(Level.TRACE);
    }

    private static Runnable section(Section section) {
        return () -> section.start().close();
    }

    private static Runnable guava() {
        var count = new LongAdder();
        var total = new LongAdder();
        return () -> {
            Stopwatch watch = Stopwatch.createStarted();
            count.increment();
            total.add(watch.elapsed(TimeUnit.NANOSECONDS));
        };
    }

    private static Runnable micrometer() {
        var registry = new SimpleMeterRegistry();
        var timer = io.micrometer.core.instrument.Timer.builder("section")
                .publishPercentiles(0.5, 0.9, 0.99)
                .register(registry);
        return () -> io.micrometer.core.instrument.Timer.start(registry).stop(timer);
    }

    /** One section. */
    @Benchmark
    public void section() {
        section.run();
    }
}
