package io.mutil.bench.table;

import io.mutil.frame.FramePrinter;
import io.mutil.frame.Rows;
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
import tech.tablesaw.api.Table;

/**
 * A table of 20 columns, numbers, texts and times, to a string: all rows and all columns. Ours wraps groups of columns at 120 cells, as
 * a terminal wants it, or has lines as wide as they come, as the others have them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FormatSuite {
    private static final int TERMINAL = 120;
    private static final int AS_IT_COMES = 100_000;

    /** How many rows. */
    @Param("10000")
    public int rows;

    /** The contestant. */
    @Param({"mutil", "mutil-wrapped", "tablesaw", "freva"})
    public String who = "";

    private Supplier<String> format = () -> "";

    /** For JMH. */
    public FormatSuite() {}

    /** Makes the table, and sees that all of it is printed. */
    @Setup
    public void open() {
        format = contestant(who, Trades.table(rows));
        long lines = format.get().lines().count();
        if (lines < rows) {
            throw new IllegalStateException(who + " prints " + lines + " lines of " + rows + " rows");
        }
    }

    static Supplier<String> contestant(String who, Table table) {
        return switch (who) {
            case "mutil" -> ours(AS_IT_COMES, table);
            case "mutil-wrapped" -> ours(TERMINAL, table);
            case "tablesaw" -> table::printAll;
            case "freva" -> () -> Freva.format(table);
            default -> throw new IllegalArgumentException("no contestant is called " + who);
        };
    }

    private static Supplier<String> ours(int width, Table table) {
        FramePrinter printer = FramePrinter.builder().width(width).build();
        return () -> printer.format(Rows.of(table));
    }

    /** The whole table. */
    @Benchmark
    public String format() {
        return format.get();
    }
}
