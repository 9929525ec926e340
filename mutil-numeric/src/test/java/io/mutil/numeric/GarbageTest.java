package io.mutil.numeric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.RoundingMode;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is called for every tick leaves nothing for the collector. */
class GarbageTest {
    private static final int CALLS = 20_000;
    private static final int ROUNDS = 10;

    /** Less than a byte for each call, so that what the JVM does beside it is no failure, and any object is. */
    private static final long BESIDE = CALLS / 2;

    private static final RoundingMode[] MODES = RoundingMode.values();
    private static final double[] FEW_DIGITS = doubles(100);
    private static final double[] MANY_DIGITS = doubles(3 * Math.PI);

    /** Kept, so that no call is left out by the compiler. */
    private static double sum;

    private static double[] doubles(double divisor) {
        return LongStream.range(0, 1_000)
                .mapToDouble(i -> (i * 7_919 - 3_000_000) / divisor)
                .toArray();
    }

    private static double few(int i) {
        return FEW_DIGITS[i % FEW_DIGITS.length];
    }

    private static double many(int i) {
        return MANY_DIGITS[i % MANY_DIGITS.length];
    }

    private static RoundingMode mode(int i) {
        return MODES[i % (MODES.length - 1)];
    }

    static Stream<Arguments> calls() {
        Grid grid = Grid.of("0.05");
        Grid offset = Grid.of("0.010").startingAt("0.005");
        PriceBands bands = PriceBands.below("1", "0.0001").from("1", "0.01").from("50", "0.05");
        PriceFormat prices = PriceFormat.standard().padded(12);
        var out = new StringBuilder(64);
        return Stream.of(
                call("round doubles", i -> sum += grid.round(few(i), mode(i))),
                call("round doubles of many digits", i -> sum += grid.round(many(i), mode(i))),
                call("round doubles from a start", i -> sum += offset.next(many(i)) + offset.previous(few(i))),
                call("round doubles in one line", i -> sum += Rounding.roundToMultiple(many(i), 0.07)),
                call("round large doubles in one line", i -> sum += Rounding.roundToMultiple(few(i) * 1e5, 0.00001)),
                call("round doubles in bands", i -> sum += bands.round(many(i)) + bands.next(few(i))),
                call("ask doubles", i -> sum += grid.isOn(few(i)) == bands.isOn(many(i)) ? 1 : 0),
                call("round longs", i -> sum += grid.round(i * 7_919L, 3, mode(i)) + bands.next(i * 7_919L, 5)),
                call("round longs in one line", i -> sum += Rounding.roundToMultiple(i * 7_919L, 25, mode(i))),
                call("ask longs", i -> sum += grid.isOn(i, 2) == bands.isOn(i, 4) ? 1 : 0),
                call("print doubles", i -> prices.appendTo(cleared(out), few(i))),
                call("print doubles of many digits", i -> prices.appendTo(cleared(out), many(i))),
                call("print longs", i -> prices.appendTo(cleared(out), i * 7_919L - 50_000_000, 5)));
    }

    private static Arguments call(String name, IntConsumer call) {
        return Arguments.of(name, call);
    }

    private static StringBuilder cleared(StringBuilder out) {
        out.setLength(0);
        return out;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void nothingIsAllocated(String name, IntConsumer call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assumeTrue(threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled());
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                call.accept(i);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }

        assertThat(least).as(name).isLessThan(BESIDE);
    }

    /** The measure itself sees an object. */
    @Test
    void anObjectForEachCallWouldBeSeen() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assumeTrue(threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled());
        var kept = new Object[CALLS];
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
            kept[i] = PriceFormat.standard().format(few(i));
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isGreaterThan(BESIDE);
        assertThat(kept).doesNotContainNull();
    }
}
