package io.mutil.bench;

import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/**
 * What one contestant did with one set of parameters.
 *
 * @param suite simple name of the benchmark class
 * @param parameters as {@code payload=16}; empty if there are none
 * @param contestant name of the benchmark method
 * @param perSecond operations per second, the median of all iterations
 * @param iterations how many there were
 */
record Score(String suite, String parameters, String contestant, double perSecond, long iterations) {
    private static final double MEDIAN = 50;

    static Score of(RunResult result) {
        BenchmarkParams params = result.getParams();
        Statistics statistics = result.getPrimaryResult().getStatistics();
        String[] path = params.getBenchmark().split("\\.", -1);
        String parameters = params.getParamsKeys().stream()
                .map(key -> key + "=" + params.getParam(key))
                .collect(Collectors.joining(" "));
        return new Score(
                path[path.length - 2],
                parameters,
                path[path.length - 1],
                statistics.getPercentile(MEDIAN),
                statistics.getN());
    }
}
