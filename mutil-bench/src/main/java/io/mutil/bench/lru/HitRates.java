package io.mutil.bench.lru;

import io.mutil.bench.Arguments;
import io.mutil.s4lru.S4Lru;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Prints hit rates for traces of web traffic, each the mean of several rounds, since admission throws dice.
 *
 * <pre>
 *   java -cp mutil-bench/target/benchmarks.jar io.mutil.bench.lru.HitRates [--traces path] [--rounds 5]
 * </pre>
 *
 * <p>Without {@code --traces} it takes those of the tests of mutil-s4lru, if it is started in the root of the project. Caffeine
 * does everything at once, in the thread that asks. Exits with 0 if everything ran, with 2 if an option is wrong.
 */
public final class HitRates {
    private static final String USAGE = "usage: HitRates [--traces path] [--rounds 5]";
    private static final List<String> TRACES = List.of("web07", "web12");
    private static final int[] CAPACITIES = {500, 1000, 2000};
    private static final int MAX_ROUNDS = 1000;

    private final PrintStream out;
    private final int rounds;

    HitRates(PrintStream out, int rounds) {
        this.out = out;
        this.rounds = rounds;
    }

    /** Reads the traces, and prints the table. */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of("mutil-s4lru", "src", "test", "resources", "traces");
        int rounds = 5;
        try {
            for (var rest = new Arguments(USAGE, args); rest.hasNext(); ) {
                switch (rest.next()) {
                    case "--traces" -> directory = rest.path();
                    case "--rounds" -> rounds = rest.number(MAX_ROUNDS);
                    default -> throw rest.unknown();
                }
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
        var rates = new HitRates(System.out, rounds);
        rates.header();
        for (String name : TRACES) {
            rates.lines(Trace.read(directory, name), CAPACITIES);
        }
    }

    /** A made trace, to see that everything runs. */
    public static void quick() throws IOException {
        var rates = new HitRates(System.out, 1);
        rates.header();
        rates.lines(Trace.made(1000), 100);
    }

    private void header() {
        out.printf(Locale.ROOT, "hit rates in percent, mean of %d%n", rounds);
        out.printf("  %-8s %8s %10s %16s %10s%n", "trace", "entries", "S4LRU", "S4LRU+TinyLFU", "Caffeine");
    }

    void lines(Trace trace, int... capacities) throws IOException {
        for (int capacity : capacities) {
            out.printf(
                    Locale.ROOT,
                    "  %-8s %8d %10.2f %16.2f %10.2f%n",
                    trace.name(),
                    capacity,
                    mean(trace, () -> new MutilLru(S4Lru.builder(capacity))),
                    mean(trace, () -> new MutilLru(S4Lru.builder(capacity).tinyLfu())),
                    mean(trace, () -> CaffeineLru.atOnce(capacity)));
        }
    }

    private interface Opening {
        Lru open() throws IOException;
    }

    private double mean(Trace trace, Opening opening) throws IOException {
        double sum = 0;
        for (int round = 0; round < rounds; round++) {
            try (Lru lru = opening.open()) {
                sum += trace.hitRate(lru);
            }
        }
        return sum / rounds;
    }
}
