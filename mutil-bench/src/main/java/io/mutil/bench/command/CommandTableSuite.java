package io.mutil.bench.command;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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

/** A table of 500 commands with two arguments each, made from nothing. {@code picocli} does it without annotations. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CommandTableSuite {
    private static final int COMMANDS = 500;

    /** The contestant. */
    @Param({"mutil", "picocli"})
    public String who = "";

    private Supplier<Object> build = () -> "";

    /** For JMH. */
    public CommandTableSuite() {}

    /** Chooses what is made. */
    @Setup
    public void open() {
        var shares = new Shares();
        List<String> names = Tables.names(COMMANDS);
        build = switch (who) {
            case "mutil" -> () -> Tables.ofFunctions(names);
            case "picocli" -> () -> Tables.ofSpecs(names, shares);
            default -> throw new IllegalArgumentException("no contestant is called " + who);
        };
    }

    /** One table. */
    @Benchmark
    public Object table() {
        return build.get();
    }
}
