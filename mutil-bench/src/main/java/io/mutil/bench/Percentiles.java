package io.mutil.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Percentiles in milliseconds, by nearest rank. */
public record Percentiles(double p50, double p90, double p99, double p999, double max) {
    private static final double NANOS_PER_MILLI = 1e6;

    /** Of durations in any order. */
    public static Percentiles ofNanos(long[] samples) {
        long[] sorted = samples.clone();
        Arrays.sort(sorted);
        return new Percentiles(
                rank(sorted, 0.5), rank(sorted, 0.9), rank(sorted, 0.99), rank(sorted, 0.999), rank(sorted, 1));
    }

    private static double rank(long[] sorted, double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(1, rank) - 1] / NANOS_PER_MILLI;
    }

    /** Each percentile's median over several rounds. */
    public static Percentiles medianOf(List<Percentiles> rounds) {
        return new Percentiles(
                median(rounds, Percentiles::p50),
                median(rounds, Percentiles::p90),
                median(rounds, Percentiles::p99),
                median(rounds, Percentiles::p999),
                median(rounds, Percentiles::max));
    }

    private static double median(List<Percentiles> rounds, ToDoubleFunction<Percentiles> which) {
        return median(rounds.stream().map(which::applyAsDouble).toList());
    }

    /** The middle one, or the mean of the two in the middle. */
    public static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
