package io.mutil.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PercentilesTest {
    @Test
    void takesTheNearestRank() {
        long[] samples =
                LongStream.rangeClosed(1, 1000).map(ms -> ms * 1_000_000).toArray();

        assertThat(Percentiles.ofNanos(samples)).isEqualTo(new Percentiles(500, 900, 990, 999, 1000));
    }

    @Test
    void takesTheMedianOfEachPercentile() {
        var rounds =
                List.of(new Percentiles(1, 2, 3, 9, 5), new Percentiles(3, 2, 1, 7, 9), new Percentiles(2, 2, 2, 8, 7));

        assertThat(Percentiles.medianOf(rounds)).isEqualTo(new Percentiles(2, 2, 2, 8, 7));
        assertThat(Percentiles.median(List.of(4.0, 1.0))).isEqualTo(2.5);
    }

    @Test
    void countsFromWhenANumberWasDue() {
        var latencies = new Latencies();
        latencies.expect(100, 3, 5_000_000, 1_000_000);

        latencies.arrived(100, 7_000_000);
        latencies.arrived(102, 8_000_000);
        latencies.arrived(103, 9_000_000);

        assertThat(latencies.percentiles().p50()).isEqualTo(1);
        assertThat(latencies.percentiles().max()).isEqualTo(2);
    }
}
