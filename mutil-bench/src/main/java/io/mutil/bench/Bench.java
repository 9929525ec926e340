package io.mutil.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the suites with JMH and then prints, for each, our score beside the scores of its peers in the same run.
 *
 * <pre>
 *   java -jar mutil-bench/target/benchmarks.jar                   everything, about 10 minutes
 *   java -jar mutil-bench/target/benchmarks.jar DataflowSuite     one suite; all JMH options work, -h lists them
 *   java -jar mutil-bench/target/benchmarks.jar --quick           one tiny iteration of each: they run, the figures mean nothing
 * </pre>
 *
 * <p>Exits with 0 if every benchmark ran, with 1 if one failed or none matched, with 2 if an option is wrong.
 */
public final class Bench {
    private static final String QUICK = "--quick";
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
            var options = new CommandLineOptions(jmhArgs.toArray(String[]::new));
            if (onlyTells(options)) {
                Main.main(args);
                return 0;
            }
            return run(options, quick);
        } catch (CommandLineOptionException e) {
            System.err.println(e.getMessage() + "; -h lists the options");
            return 2;
        }
    }

    private static boolean onlyTells(CommandLineOptions options) {
        return options.shouldHelp()
                || options.shouldList()
                || options.shouldListWithParams()
                || options.shouldListProfilers()
                || options.shouldListResultFormats();
    }

    private static int run(CommandLineOptions options, boolean quick) {
        ChainedOptionsBuilder choices = new OptionsBuilder().parent(options).shouldFailOnError(true);
        try {
            Collection<RunResult> results = new Runner((quick ? tiny(choices) : choices).build()).run();
            results.stream()
                    .map(Score::of)
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
        return options.forks(0).warmupIterations(0).measurementIterations(1).measurementTime(QUICK_TIME);
    }
}
