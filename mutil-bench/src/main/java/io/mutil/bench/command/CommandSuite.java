package io.mutil.bench.command;

import io.mutil.dispatch.Dispatch;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
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
import picocli.CommandLine;

/**
 * The line {@code b AAPL 10}, from text to the end of the operation, with twenty commands: split, found by its prefix, arguments
 * read, run. {@code mutil-class} has an annotated class for it. {@code picocli} keeps its {@code CommandLine}, whose values stay in
 * one object; {@code picocli-fresh} makes all of it for each line, as what may run at the same time has to.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CommandSuite {
    private static final int COMMANDS = 20;

    /** The contestant. */
    @Param({"mutil", "mutil-class", "picocli", "picocli-fresh"})
    public String who = "";

    /** What is typed. */
    private String line = "b AAPL 10";

    private Callable<Object> run = () -> "";

    /** For JMH. */
    public CommandSuite() {}

    /** Makes the table, and sees whether it does anything. */
    @Setup
    public void open() throws Exception {
        var shares = new Shares();
        List<String> names = Tables.names(COMMANDS);
        run = switch (who) {
            case "mutil" -> ours(Tables.ofFunctions(names), shares);
            case "mutil-class" -> ours(Tables.ofClass(names), shares);
            case "picocli" -> {
                CommandLine table = Tables.ofPicocli(names, shares);
                yield () -> table.execute(line.split(" "));
            }
            case "picocli-fresh" -> () -> Tables.ofPicocli(names, shares).execute(line.split(" "));
            default -> throw new IllegalArgumentException("no contestant is called " + who);
        };
        var unused = run.call();
        long before = shares.buy("", 0);
        var ignored = run.call();
        if (shares.buy("", 0) != before + 14) {
            throw new IllegalStateException(who + " does not run " + line);
        }
    }

    private Callable<Object> ours(Dispatch<Shares> table, Shares shares) {
        return () -> table.run(line, shares);
    }

    /** One line. */
    @Benchmark
    public Object line() throws Exception {
        return run.call();
    }
}
