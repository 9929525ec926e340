package io.mutil.bench.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mutil.bench.Percentiles;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramTest {
    private static final double SIXTY_FOURTH = 1 / 64.0;

    private final Histogram histogram = new Histogram();

    @Test
    void saysWhatSortingSays() {
        long[] samples = LongStream.rangeClosed(1, 1000).map(n -> n * n * 1000).toArray();
        LongStream.of(samples).forEach(histogram::add);

        Percentiles exact = Percentiles.ofNanos(samples);
        Percentiles counted = histogram.percentiles();

        assertThat(counted.p50()).isCloseTo(exact.p50(), within(exact.p50() * SIXTY_FOURTH));
        assertThat(counted.p99()).isCloseTo(exact.p99(), within(exact.p99() * SIXTY_FOURTH));
        assertThat(counted.p999()).isCloseTo(exact.p999(), within(exact.p999() * SIXTY_FOURTH));
        assertThat(counted.max()).isEqualTo(exact.max());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 63, 64, 127, 128, 129, 255, 256, 1_000_003, Long.MAX_VALUE})
    void keepsEveryDuration(long nanos) {
        histogram.add(nanos);

        assertThat(histogram.percentiles().p50()).isEqualTo(nanos / 1e6);
    }

    @Test
    void neverSaysLess() {
        histogram.add(1000);
        histogram.add(2000);

        assertThat(histogram.percentiles().p50()).isBetween(0.001, 0.001 * (1 + SIXTY_FOURTH));
    }

    @Test
    void takesWhatCameEarlyAsAtOnce() {
        histogram.add(-5);

        assertThat(histogram.percentiles().max()).isZero();
    }

    @Test
    void addsUp() {
        var other = new Histogram();
        other.add(1_000_000);
        other.add(3_000_000);
        histogram.add(2_000_000);

        histogram.addAll(other);

        assertThat(histogram.percentiles().max()).isEqualTo(3);
        assertThat(histogram.percentiles().p50()).isBetween(2.0, 2.0 * (1 + SIXTY_FOURTH));
    }

    @Test
    void hasNoPercentilesOfNothing() {
        assertThat(histogram.percentiles().p99()).isNaN();
    }
}
