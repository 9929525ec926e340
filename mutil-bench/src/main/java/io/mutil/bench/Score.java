package io.mutil.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * What one contestant did with one set of parameters.
 *
 * @param suite simple name of the benchmark class
 * @param parameters as {@code payload=16}; empty if there are none
 * @param contestant the parameter {@code who}, or else the name of the benchmark method
 * @param perSecond operations per second, the median of all iterations; frames or megabytes where the suite counts those
 * @param megabytes millions of bytes per second, the median of all iterations; 0 if the suite does not count them
 * @param allocated bytes of heap allocated for each operation by all threads, the median of all iterations; 0 if nobody
 *     looked. Before JDK 21 what ended threads had allocated is missing
 * @param iterations how many there were
 */
public record Score(
        String suite,
        String parameters,
        String contestant,
        double perSecond,
        double megabytes,
        double allocated,
        long iterations) {
    private static final String WHO = "who";
    private static final String FRAMES = "frames";
    private static final String MEGABYTES = "megabytes";
    /** What JMH's profiler {@code gc} counts, in MiB per second. */
    private static final String ALLOCATION_RATE = "gc.alloc.rate";

    /** One for each contestant and its parameters, over all rounds that it ran. */
    static List<Score> of(Collection<RunResult> results) {
        Map<String, List<RunResult>> rounds = results.stream()
                .collect(Collectors.groupingBy(
                        result -> result.getParams().id(), LinkedHashMap::new, Collectors.toList()));
        return rounds.values().stream().map(Score::ofRounds).toList();
    }

    private static Score ofRounds(List<RunResult> rounds) {
        BenchmarkParams params = rounds.get(0).getParams();
        List<IterationResult> iterations = rounds.stream()
                .flatMap(round -> round.getBenchmarkResults().stream())
                .flatMap(fork -> fork.getIterationResults().stream())
                .toList();
        double frames = median(iterations, FRAMES);
        double megabytes = median(iterations, MEGABYTES);
        double operations = Percentiles.median(iterations.stream()
                .map(iteration -> iteration.getPrimaryResult().getScore())
                .toList());
        double perSecond = frames > 0 ? frames : megabytes > 0 ? megabytes : operations;
        String[] path = params.getBenchmark().split("\\.", -1);
        return new Score(
                path[path.length - 2],
                parameters(params),
                params.getParamsKeys().contains(WHO) ? params.getParam(WHO) : path[path.length - 1],
                perSecond,
                megabytes,
                median(iterations, ALLOCATION_RATE) * (1 << 20) / perSecond,
                iterations.size());
    }

    private static String parameters(BenchmarkParams params) {
        return params.getParamsKeys().stream()
                .filter(key -> !key.equals(WHO))
                .map(key -> key + "=" + params.getParam(key))
                .collect(Collectors.joining(" "));
    }

    /** Of what the iterations counted under that name; 0 if none did. */
    private static double median(List<IterationResult> iterations, String counter) {
        List<Double> scores = new ArrayList<>();
        for (IterationResult iteration : iterations) {
            Result<?> counted = iteration.getSecondaryResults().get(counter);
            if (counted != null) {
                scores.add(counted.getScore());
            }
        }
        return scores.isEmpty() ? 0 : Percentiles.median(scores);
    }
}
