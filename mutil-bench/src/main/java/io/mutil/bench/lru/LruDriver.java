package io.mutil.bench.lru;

import io.mutil.bench.MedianTable;
import io.mutil.bench.Scratch;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Measures what takes many keys at once, by default a million.
 *
 * <pre>
 *   java -cp mutil-bench/target/benchmarks.jar io.mutil.bench.lru.LruDriver
 *       [--mode stay,load,bytes] [--keys 1000000] [--warm-ups 1] [--rounds 3] [--dir path] ...
 * </pre>
 *
 * <ul>
 *   <li>{@code stay}: new keys that all stay, each second; and the same until a flush has returned.
 *   <li>{@code load}: how long it takes to open a state that was closed.
 *   <li>{@code bytes}: heap for each key after a collection, without the keys, which the driver has. Peers keep the key as
 *       value.
 * </ul>
 *
 * <p>Contestants take turns in every round; rounds for warming up do not count. Exits with 0 if everything ran, with 2 if an
 * option is wrong.
 */
public final class LruDriver {
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private final PrintStream out;
    private final LruOptions options;
    private final String[] keys;

    LruDriver(PrintStream out, LruOptions options) {
        this.out = out;
        this.options = options;
        this.keys = Load.keys(options.keys());
    }

    /** Measures, and prints tables. */
    public static void main(String[] args) throws IOException, InterruptedException {
        LruOptions options;
        try {
            options = LruOptions.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        new LruDriver(System.out, options).run();
    }

    /** A tiny run of everything. */
    public static void quick() throws IOException, InterruptedException {
        new LruDriver(System.out, LruOptions.parse("--quick")).run();
    }

    void run() throws IOException, InterruptedException {
        for (String mode : options.modes()) {
            switch (mode) {
                case "stay" -> stay();
                case "load" -> load();
                case "bytes" -> bytes();
                default -> throw new IllegalArgumentException("no mode " + mode);
            }
        }
    }

    /** What is done with one contestant in one round. */
    private interface Turn {
        void take(String who, Path directory, boolean counts) throws IOException, InterruptedException;
    }

    private void rounds(List<String> contestants, Turn turn) throws IOException, InterruptedException {
        for (int round = -options.repeats().warmUps(); round < options.repeats().rounds(); round++) {
            for (String who : contestants) {
                try (Scratch scratch = Scratch.in(options.repeats().directory())) {
                    turn.take(who, scratch.path(), round >= 0);
                }
            }
        }
    }

    private void stay() throws IOException, InterruptedException {
        var added = new MedianTable(options.keys() + " new keys that stay, keys/s");
        var flushed = new MedianTable(options.keys() + " new keys that stay, and a flush, keys/s");
        rounds(options.contestants(), (who, directory, counts) -> {
            System.gc();
            try (Lru lru = Lrus.openFor(who, keys.length, directory)) {
                long begin = System.nanoTime();
                addAll(lru);
                double adding = seconds(begin);
                lru.flush();
                double all = seconds(begin);
                Lrus.requireAll(who, lru, keys);
                if (counts) {
                    added.add(who, keys.length / adding);
                    flushed.add(who, keys.length / all);
                }
            }
        });
        out.println(added);
        out.println(flushed);
    }

    private void addAll(Lru lru) {
        for (String key : keys) {
            lru.add(key);
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / NANOS;
    }

    private void load() throws IOException, InterruptedException {
        var opened = new MedianTable("opening a state of " + options.keys() + " keys, milliseconds");
        rounds(List.of(Lrus.FILE), (who, directory, counts) -> {
            try (Lru lru = Lrus.openFor(who, keys.length, directory)) {
                addAll(lru);
            }
            System.gc();
            long begin = System.nanoTime();
            try (Lru lru = Lrus.openFor(who, keys.length, directory)) {
                double seconds = seconds(begin);
                Lrus.requireAll(who, lru, keys);
                if (counts) {
                    opened.add(who, seconds * MILLIS);
                }
            }
        });
        out.println(opened);
    }

    private void bytes() throws IOException, InterruptedException {
        var used = new MedianTable("heap for each of " + options.keys() + " keys, bytes");
        rounds(options.contestants(), (who, directory, counts) -> {
            long before = Heap.used();
            try (Lru lru = Lrus.openFor(who, keys.length, directory)) {
                addAll(lru);
                lru.flush();
                long after = Heap.used();
                Lrus.requireAll(who, lru, keys);
                if (counts) {
                    used.add(who, (double) (after - before) / keys.length);
                }
            }
        });
        out.println(used);
    }
}
