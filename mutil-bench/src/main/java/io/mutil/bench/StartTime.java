package io.mutil.bench;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.JsonCodec;
import io.mutil.dataflow.Dataflow;
import io.mutil.dataflow.Egress;
import io.mutil.dataflow.Ingress;
import io.mutil.dataflow.Processes;
import io.mutil.dataflow.RunningDataflow;
import io.mutil.dataflow.Sink;
import io.mutil.dataflow.Workers;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/**
 * Measures how long a topology of workers in child JVMs takes to start: from the call of {@code start} until each worker has
 * processed an item, which has come back.
 *
 * <pre>
 *   java -cp mutil-bench/target/benchmarks.jar io.mutil.bench.StartTime [--workers 64] [--rounds 3]
 * </pre>
 *
 * <p>With 1, 8 and all workers in a child, with shared classes and without. Every round runs each variant once, so that they
 * have the same share of what else the machine does. Exits with 0 if every worker has answered, with 2 if an option is wrong.
 */
public final class StartTime {
    private static final String WITHOUT = "-Xshare:auto";
    private static final double NANOS_PER_MILLI = 1e6;

    /** What is compared. */
    private record Variant(int perProcess, boolean sharing) {
        String[] jvmArguments() {
            return sharing ? new String[0] : new String[] {WITHOUT};
        }
    }

    private final PrintStream out;
    private final StartOptions options;

    StartTime(PrintStream out, StartOptions options) {
        this.out = out;
        this.options = options;
    }

    /** Measures, and prints a table. */
    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        StartOptions options;
        try {
            options = StartOptions.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        new StartTime(System.out, options).run();
    }

    void run() throws IOException, InterruptedException, ExecutionException {
        Map<Variant, List<Double>> millis = new LinkedHashMap<>();
        for (int round = 0; round < options.rounds(); round++) {
            for (Variant variant : variants()) {
                millis.computeIfAbsent(variant, none -> new ArrayList<>()).add(start(variant));
            }
        }
        out.printf(
                Locale.ROOT,
                "milliseconds until %d workers have answered, median of %d, JDK %s%n",
                options.workers(),
                options.rounds(),
                Runtime.version());
        out.printf("  %10s %10s %16s %16s%n", "in a child", "children", "without sharing", "with");
        for (int perProcess : perProcess()) {
            out.printf(
                    Locale.ROOT,
                    "  %10d %10d %16.0f %16.0f%n",
                    perProcess,
                    (options.workers() + perProcess - 1) / perProcess,
                    Percentiles.median(requireNonNull(millis.get(new Variant(perProcess, false)))),
                    Percentiles.median(requireNonNull(millis.get(new Variant(perProcess, true)))));
        }
    }

    private List<Variant> variants() {
        return perProcess().stream()
                .flatMap(each -> List.of(new Variant(each, false), new Variant(each, true)).stream())
                .toList();
    }

    private List<Integer> perProcess() {
        return IntStream.of(1, 8, options.workers())
                .filter(each -> each <= options.workers())
                .distinct()
                .boxed()
                .toList();
    }

    private double start(Variant variant) throws IOException, InterruptedException, ExecutionException {
        Set<Integer> answered = ConcurrentHashMap.newKeySet();
        var last = new long[1];
        Dataflow flow = flow(variant, index -> {
            answered.add(index);
            last[0] = System.nanoTime();
        });
        long begin = System.nanoTime();
        try (RunningDataflow running = flow.start()) {
            running.await();
        }
        if (answered.size() != options.workers()) {
            throw new IllegalStateException(answered.size() + " of " + options.workers() + " workers have answered");
        }
        return (last[0] - begin) / NANOS_PER_MILLI;
    }

    /** One item for each worker, in turn; each answers with its own number. */
    private Dataflow flow(Variant variant, Sink<Integer> sink) {
        int count = options.workers();
        JsonCodec<Integer> json = JsonCodec.of(Integer.class);
        return Dataflow.named("start")
                .from(Ingress.<Integer>pulling(() -> IntStream.range(0, count).iterator()))
                .through(Workers.<Integer, Integer>startedBy(context -> {
                            int index = context.index();
                            return (item, outlet) -> outlet.send(index);
                        })
                        .howMany(count)
                        .isolation(Processes.of(json, json)
                                .heap("64m")
                                .workersPerProcess(variant.perProcess())
                                .jvmArguments(variant.jvmArguments())
                                .startTimeout(Duration.ofMinutes(10))))
                .to(Egress.<Integer>into(sink))
                .build();
    }
}
