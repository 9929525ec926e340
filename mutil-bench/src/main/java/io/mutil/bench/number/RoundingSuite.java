package io.mutil.bench.number;

import io.mutil.numeric.Grid;
import io.mutil.numeric.Rounding;
import java.math.BigDecimal;
import java.math.RoundingMode;
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
 * A price rounded to the nearest multiple of 0.05.
 *
 * <p>{@code mutil} has a {@code Grid}, {@code mutil-oneLine} calls {@code Rounding}. {@code BigDecimal} divides, rounds and multiplies, as
 * one does by hand; from and to a double or a long it goes by {@code valueOf}, which is right too.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RoundingSuite {
    private static final BigDecimal STEP = new BigDecimal("0.05");
    private static final long LONG_STEP = 5_000;

    /** What holds the price. */
    @Param({"double", "long", "BigDecimal"})
    public String type = "";

    /** The contestant. */
    @Param({"mutil", "mutil-oneLine", "BigDecimal"})
    public String who = "";

    private final Samples prices = new Samples();
    private final Grid grid = Grid.of(STEP);
    private Work work = (i, out) -> {};
    private int next;

    /** Rounds one of the prices. */
    private interface Work {
        void round(int price, Blackhole out);
    }

    /** For JMH. */
    public RoundingSuite() {}

    /** Chooses. */
    @Setup
    public void open() {
        work = switch (who + " " + type) {
            case "mutil double" -> (i, out) -> out.consume(grid.round(prices.doubles[i]));
            case "mutil long" -> (i, out) -> out.consume(grid.round(prices.longs[i], Samples.SCALE));
            case "mutil BigDecimal" -> (i, out) -> out.consume(grid.round(prices.decimals[i]));
            case "mutil-oneLine double" -> (i, out) -> out.consume(Rounding.roundToMultiple(prices.doubles[i], 0.05));
            case "mutil-oneLine long" -> (i, out) -> out.consume(Rounding.roundToMultiple(prices.longs[i], LONG_STEP));
            case "mutil-oneLine BigDecimal" ->
                (i, out) -> out.consume(Rounding.roundToMultiple(prices.decimals[i], STEP));
            case "BigDecimal double" ->
                (i, out) -> out.consume(
                        byHand(BigDecimal.valueOf(prices.doubles[i])).doubleValue());
            case "BigDecimal long" ->
                (i, out) -> out.consume(byHand(BigDecimal.valueOf(prices.longs[i], Samples.SCALE))
                        .setScale(Samples.SCALE)
                        .unscaledValue()
                        .longValue());
            case "BigDecimal BigDecimal" -> (i, out) -> out.consume(byHand(prices.decimals[i]));
            default -> throw new IllegalArgumentException("no contestant is called " + who + ", or type " + type);
        };
    }

    private static BigDecimal byHand(BigDecimal price) {
        return price.divide(STEP, 0, RoundingMode.HALF_EVEN).multiply(STEP);
    }

    /** One price. */
    @Benchmark
    public void round(Blackhole out) {
        next = (next + 1) & (Samples.COUNT - 1);
        work.round(next, out);
    }
}
