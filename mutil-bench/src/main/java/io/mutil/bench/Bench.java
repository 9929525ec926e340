package io.mutil.bench;

import io.mutil.bench.lru.HitRates;
import io.mutil.bench.lru.LruDriver;
import io.mutil.bench.store.StoreDriver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the suites with JMH and then prints, for each, our score beside the scores of its peers in the same run.
 *
 * <pre>
 *   java -jar mutil-bench/target/benchmarks.jar                   everything, about 20 minutes
 *   java -jar mutil-bench/target/benchmarks.jar DataflowSuite     one suite; all JMH options work, -h lists them
 *   java -jar mutil-bench/target/benchmarks.jar --rounds 3        everything three times over, medians of all three
 *   java -jar mutil-bench/target/benchmarks.jar --quick           one tiny iteration of each: they run, the figures mean nothing
 * </pre>
 *
 * <p>Exits with 0 if every benchmark ran, with 1 if one failed or none matched, with 2 if an option is wrong.
 */
public final class Bench {
    private static final String QUICK = "--quick";
    private static final String ROUNDS = "--rounds";
    private static final int MAX_ROUNDS = 1000;
    private static final TimeValue QUICK_TIME = TimeValue.milliseconds(10);

    private Bench() {}

    /** Runs the suites that the arguments select. */
    public static void main(String[] args) throws IOException {
        System.exit(run(args));
    }

    /** The exit code. */
    static int run(String... args) throws IOException {
        List<String> jmhArgs = new ArrayList<>(Arrays.asList(args));
        boolean quick = jmhArgs.remove(QUICK);
        try {
            int rounds = takeRounds(jmhArgs);
            var options = new CommandLineOptions(jmhArgs.toArray(String[]::new));
            if (onlyTells(options)) {
                Main.main(args);
                return 0;
            }
            return run(options, quick, rounds);
        } catch (CommandLineOptionException e) {
            System.err.println(e.getMessage() + "; -h lists the options");
            return 2;
        }
    }

    private static int takeRounds(List<String> args) throws CommandLineOptionException {
        int at = args.indexOf(ROUNDS);
        if (at < 0) {
            return 1;
        }
        args.remove(at);
        String text = at < args.size() ? args.remove(at) : "nothing";
        if (!text.matches("[1-9]\\d{0,3}") || Integer.parseInt(text) > MAX_ROUNDS) {
            throw new CommandLineOptionException(ROUNDS + " must be 1 to " + MAX_ROUNDS + ", was " + text);
        }
        return Integer.parseInt(text);
    }

    private static boolean onlyTells(CommandLineOptions options) {
        return options.shouldHelp()
                || options.shouldList()
                || options.shouldListWithParams()
                || options.shouldListProfilers()
                || options.shouldListResultFormats();
    }

    private static int run(CommandLineOptions options, boolean quick, int rounds) {
        int suites = runSuites(options, quick, rounds);
        return suites == 0 && quick && options.getIncludes().isEmpty() ? runDrivers() : suites;
    }

    /** What JMH does not run, as far as it needs nothing that may not be installed. */
    private static int runDrivers() {
        try {
            LruDriver.quick();
            HitRates.quick();
            return StoreDriver.quick() ? 0 : 1;
        } catch (IOException e) {
            System.err.println("driver failed: " + e);
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static int runSuites(CommandLineOptions options, boolean quick, int rounds) {
        ChainedOptionsBuilder choices =
                new OptionsBuilder().parent(options).shouldFailOnError(true).addProfiler(GCProfiler.class);
        try {
            Options chosen = (quick ? tiny(choices) : choices).build();
            List<RunResult> results = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                results.addAll(new Runner(chosen).run());
            }
            Score.of(results).stream()
                    .collect(RatioTable.bySuite())
                    .forEach(table -> System.out.print(System.lineSeparator() + table));
            return results.isEmpty() ? 1 : 0;
        } catch (NoBenchmarksException e) {
            System.err.println("no benchmark matches; -l lists them");
            return 1;
        } catch (RunnerException e) {
            System.err.println("benchmark run failed: " + e.getMessage());
            return 1;
        }
    }

    private static ChainedOptionsBuilder tiny(ChainedOptionsBuilder options) {
        return options.forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(QUICK_TIME)
                .param("mebibytes", "16")
                .param("load", "loop-2100", "zipf-1000", "uniform-1000")
                .param("capacity", "1000");
    }
}
