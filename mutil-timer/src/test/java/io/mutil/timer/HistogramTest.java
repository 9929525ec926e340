package io.mutil.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HistogramTest {
    private final Histogram histogram = new Histogram();

    /** As many of each size. */
    @Provide
    Arbitrary<Long> numbers() {
        return Arbitraries.integers()
                .between(0, 63)
                .flatMap(bits -> Arbitraries.longs().between(0, bits == 0 ? 0 : Long.MAX_VALUE >>> (63 - bits)));
    }

    @Property
    void quantilesAreAtMost0Point8PercentOff(
            @ForAll @NotEmpty @Size(max = 300) List<@From("numbers") Long> numbers,
            @ForAll @DoubleRange(min = 0.01, max = 1) double part) {
        var histogram = new Histogram();
        numbers.forEach(histogram::add);
        long[] sorted = numbers.stream().mapToLong(n -> n).sorted().toArray();
        long exact = sorted[Math.max(1, (int) Math.ceil(part * sorted.length)) - 1];

        assertThat(histogram.count()).isEqualTo(numbers.size());
        long off = Math.abs(histogram.quantile(part, numbers.size()) - exact);
        assertThat(off).isLessThanOrEqualTo(exact / 128);
    }

    @Test
    void numbersBelow128AreExact() {
        LongStream.range(0, 128).forEach(histogram::add);

        for (int n = 1; n <= 128; n++) {
            assertThat(histogram.quantile(n / 128.0, 128)).isEqualTo(n - 1);
        }
    }

    @Test
    void theLargestNumberHasItsPlace() {
        histogram.add(Long.MAX_VALUE);

        assertThat(histogram.quantile(1, 1)).isBetween(Long.MAX_VALUE / 128 * 127, Long.MAX_VALUE);
    }

    @Test
    void anEmptyOneHasNoQuantiles() {
        assertThat(histogram.count()).isZero();
        assertThat(histogram.quantile(0.5, 0)).isZero();
    }
}
