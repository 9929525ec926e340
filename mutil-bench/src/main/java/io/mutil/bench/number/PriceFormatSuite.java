package io.mutil.bench.number;

import io.mutil.numeric.PriceFormat;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * The text of a price, in groups and with two to four decimals.
 *
 * <p>{@code mutil} makes a {@code String}, {@code mutil-append} appends to a {@code StringBuilder} that is there. {@code DecimalFormat} has
 * the same decimals, {@code StringFormat} always four. {@code plain} is {@code BigDecimal.setScale} and {@code toPlainString}, which
 * knows no groups.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PriceFormatSuite {
    private static final int DECIMALS = 4;

    /** What holds the price. */
    @Param({"double", "long", "BigDecimal"})
    public String type = "";

    /** The contestant. */
    @Param({"mutil", "mutil-append", "DecimalFormat", "StringFormat", "plain"})
    public String who = "";

    private final Samples prices = new Samples();
    private final PriceFormat format = PriceFormat.standard();
    private final DecimalFormat peer = new DecimalFormat("#,##0.00##", DecimalFormatSymbols.getInstance(Locale.ROOT));
    private final StringBuilder text = new StringBuilder(64);
    private Work work = (i, out) -> {};
    private int next;

    /** Prints one of the prices. */
    private interface Work {
        void print(int price, Blackhole out);
    }

    /** For JMH. */
    public PriceFormatSuite() {}

    /** Chooses. */
    @Setup
    public void open() {
        work = switch (type) {
            case "double" -> doubles();
            case "long" -> longs();
            case "BigDecimal" -> decimals();
            default -> throw new IllegalArgumentException("no type is called " + type);
        };
    }

    private Work doubles() {
        double[] values = prices.doubles;
        return switch (who) {
            case "mutil" -> (i, out) -> out.consume(format.format(values[i]));
            case "mutil-append" -> (i, out) -> out.consume(format.appendTo(cleared(), values[i]));
            case "DecimalFormat" -> (i, out) -> out.consume(peer.format(values[i]));
            case "StringFormat" -> (i, out) -> out.consume(String.format(Locale.ROOT, "%,.4f", values[i]));
            case "plain" -> (i, out) -> out.consume(plain(BigDecimal.valueOf(values[i])));
            default -> throw unknown();
        };
    }

    private Work longs() {
        long[] values = prices.longs;
        int scale = Samples.SCALE;
        return switch (who) {
            case "mutil" -> (i, out) -> out.consume(format.format(values[i], scale));
            case "mutil-append" -> (i, out) -> out.consume(format.appendTo(cleared(), values[i], scale));
            case "DecimalFormat" -> (i, out) -> out.consume(peer.format(BigDecimal.valueOf(values[i], scale)));
            case "StringFormat" ->
                (i, out) -> out.consume(String.format(Locale.ROOT, "%,.4f", BigDecimal.valueOf(values[i], scale)));
            case "plain" -> (i, out) -> out.consume(plain(BigDecimal.valueOf(values[i], scale)));
            default -> throw unknown();
        };
    }

    private Work decimals() {
        BigDecimal[] values = prices.decimals;
        return switch (who) {
            case "mutil" -> (i, out) -> out.consume(format.format(values[i]));
            case "mutil-append" -> (i, out) -> out.consume(format.appendTo(cleared(), values[i]));
            case "DecimalFormat" -> (i, out) -> out.consume(peer.format(values[i]));
            case "StringFormat" -> (i, out) -> out.consume(String.format(Locale.ROOT, "%,.4f", values[i]));
            case "plain" -> (i, out) -> out.consume(plain(values[i]));
            default -> throw unknown();
        };
    }

    private IllegalArgumentException unknown() {
        return new IllegalArgumentException("no contestant is called " + who);
    }

    private StringBuilder cleared() {
        text.setLength(0);
        return text;
    }

    private static String plain(BigDecimal price) {
        return price.setScale(DECIMALS, RoundingMode.HALF_EVEN).toPlainString();
    }

    /** One price. */
    @Benchmark
    public void print(Blackhole out) {
        next = (next + 1) & (Samples.COUNT - 1);
        work.print(next, out);
    }
}
