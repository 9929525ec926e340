package io.mutil.bench.store;

import io.mutil.bench.Scratch;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Measures stores on disk, ours beside its peers.
 *
 * <pre>
 *   java -cp mutil-bench/target/benchmarks.jar io.mutil.bench.store.StoreDriver
 *       [--mode put,sync,get,scan] [--contestants names] [--rows 100000] [--rounds 3] [--dir path] ...
 * </pre>
 *
 * <p>Rows are random text keys of 16 characters with values that are 200 bytes as JSON; all but ours get the same JSON deflated
 * by the driver at the same level, and inflate and parse what they give back. In every round each contestant has its turn with the
 * same rows in an empty directory, which is removed afterwards; who begins changes from round to round, and rounds for warming
 * up do not count.
 *
 * <ul>
 *   <li>{@code put}: rows each second until all are committed, without waiting for the disk.
 *   <li>{@code sync}: rows each second where every put waits for the disk.
 *   <li>{@code get}: rows each second in another random order, by one thread and by two, after the store was opened again and
 *       has read all of them once.
 *   <li>{@code scan}: the number of rows, and all of them, three times in each round.
 * </ul>
 *
 * <p>Exits with 0 if everything ran and no row was missing, with 1 if not, with 2 if an option is wrong.
 */
public final class StoreDriver {
    private final PrintStream out;
    private final StoreOptions options;
    private boolean good = true;

    StoreDriver(PrintStream out, StoreOptions options) {
        this.out = out;
        this.options = options;
    }

    /** Measures, and prints tables. */
    public static void main(String[] args) throws IOException, InterruptedException {
        StoreOptions options;
        try {
            options = StoreOptions.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(new StoreDriver(System.out, options).run() ? 0 : 1);
    }

    /** A tiny run of everything; whether all went well. */
    public static boolean quick() throws IOException, InterruptedException {
        return new StoreDriver(System.out, StoreOptions.parse("--quick")).run();
    }

    /** Whether everything ran and no row was missing. */
    boolean run() throws IOException, InterruptedException {
        for (StoreOptions.Mode mode : options.modes()) {
            List<Contestant> contestants = options.of(mode);
            contestants.forEach(this::introduce);
            measure(mode, contestants);
        }
        return good;
    }

    private void introduce(Contestant contestant) {
        out.printf("  %-20s %3d writing: %s%n", contestant.name(), contestant.writers(), contestant.promise());
    }

    private void measure(StoreOptions.Mode mode, List<Contestant> contestants)
            throws IOException, InterruptedException {
        var rows = new Rows(options.rowsOf(mode));
        var counted = new Tables();
        for (int round = -options.repeats().warmUps(); round < options.repeats().rounds(); round++) {
            Tables tables = round < 0 ? new Tables() : counted;
            for (Contestant contestant : rotated(contestants, round)) {
                turn(mode, contestant, rows, tables);
            }
        }
        counted.print(out);
    }

    private static List<Contestant> rotated(List<Contestant> contestants, int by) {
        var rotated = new ArrayList<>(contestants);
        Collections.rotate(rotated, -by);
        return rotated;
    }

    /** A failure is told, and the others go on. */
    private void turn(StoreOptions.Mode mode, Contestant contestant, Rows rows, Tables tables)
            throws IOException, InterruptedException {
        System.gc();
        try (Scratch scratch = Scratch.in(options.repeats().directory())) {
            new Turn(contestant, scratch.path(), options.shards(), rows, tables).take(mode);
        } catch (IOException | SQLException | RuntimeException e) {
            good = false;
            out.printf("  %-20s failed: %s%n", contestant.name(), e);
        }
    }
}
