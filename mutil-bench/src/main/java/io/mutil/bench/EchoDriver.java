package io.mutil.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures the echo topology through sockets: a feed sends numbers to a WebSocket ingress, 64 workers add one, and two
 * readers take odd and even results from two WebSocket egresses that send arrays of at most 1,000 numbers or 1 ms.
 *
 * <pre>
 *   java -cp mutil-bench/target/benchmarks.jar io.mutil.bench.EchoDriver [--seconds 10] [--rounds 3] [--in-process]
 * </pre>
 *
 * <p>Throughput: arrays of 1,000 numbers as fast as back-pressure lets them go; the clock stops at the last number that
 * comes out. Latency: single numbers at 1,000 per second, each counted from the moment it was due to be sent, so that a
 * stall counts for every number that it delays. All numbers of a run differ, and each reader checks off every one of
 * its own.
 *
 * <p>Feed and readers share the machine with the topology, which runs in a JVM of its own unless {@code --in-process}.
 * Exits with 0 if every number came out once at the right reader, with 1 if not, with 2 if an option is wrong.
 */
public final class EchoDriver {
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(5);

    private final PrintStream out;
    private final EchoOptions options;
    private boolean exact = true;

    EchoDriver(PrintStream out, EchoOptions options) {
        this.out = out;
        this.options = options;
    }

    /** Runs the driver. */
    public static void main(String[] args) throws IOException, InterruptedException {
        EchoOptions options;
        try {
            options = EchoOptions.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(new EchoDriver(System.out, options).run() ? 0 : 1);
    }

    /** Whether every number came out once at the right reader. */
    boolean run() throws IOException, InterruptedException {
        try (EchoTarget target = options.inProcess() ? EchoTarget.inProcess() : EchoTarget.childJvm();
                var clients = new EchoClients(target.addresses())) {
            throughput(clients);
            latency(clients);
        }
        return exact;
    }

    private void throughput(EchoClients clients) throws IOException, InterruptedException {
        out.println("throughput: arrays of " + EchoClients.ARRAY
                + " numbers in, arrays of at most 1000 or 1 ms out, topology "
                + (options.inProcess() ? "in this JVM" : "in a JVM of its own"));
        report("warm-up", clients.sendArrays(warmUp()));
        List<Double> rates = new ArrayList<>();
        for (int round = 1; round <= options.rounds(); round++) {
            Outcome outcome = clients.sendArrays(options.round());
            report("round " + round, outcome);
            rates.add(outcome.perSecond());
        }
        out.printf(Locale.ROOT, "  median   %,12.0f numbers/s%n", Percentiles.median(rates));
    }

    private void report(String label, Outcome outcome) {
        exact &= outcome.isExact();
        out.printf(
                Locale.ROOT,
                "  %-8s %,12.0f numbers/s, %,d sent, %d lost, %d twice, %d at the wrong reader%n",
                label,
                outcome.perSecond(),
                outcome.sent(),
                outcome.lost(),
                outcome.twice(),
                outcome.misplaced());
    }

    private void latency(EchoClients clients) throws IOException, InterruptedException {
        out.println("latency: single numbers at " + EchoClients.SINGLES_PER_SECOND
                + " per second, milliseconds from when each was due");
        out.printf("  %-8s %8s %8s %8s %8s %8s%n", "", "p50", "p90", "p99", "p99.9", "max");
        report("warm-up", singles(clients, warmUp()));
        List<Percentiles> rounds = new ArrayList<>();
        for (int round = 1; round <= options.rounds(); round++) {
            Percentiles percentiles = singles(clients, options.round());
            report("round " + round, percentiles);
            rounds.add(percentiles);
        }
        report("median", Percentiles.medianOf(rounds));
    }

    private Percentiles singles(EchoClients clients, Duration duration) throws IOException, InterruptedException {
        var latencies = new Latencies();
        Outcome outcome = clients.sendSingles(duration, latencies);
        if (!outcome.isExact()) {
            report("faulty", outcome);
        }
        return latencies.percentiles();
    }

    private void report(String label, Percentiles p) {
        out.printf(
                Locale.ROOT,
                "  %-8s %8.2f %8.2f %8.2f %8.2f %8.2f%n",
                label,
                p.p50(),
                p.p90(),
                p.p99(),
                p.p999(),
                p.max());
    }

    private Duration warmUp() {
        return options.round().compareTo(LONGEST_WARM_UP) < 0 ? options.round() : LONGEST_WARM_UP;
    }
}
