package io.mutil.sqlshard;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A program that is killed at work; says on its standard output what is acknowledged, in one write a line. */
final class CrashChild {
    static final int THREADS = 3;
    static final int FLUSH_EVERY = 40;

    private static final OutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private CrashChild() {}

    /** Arguments: what to do, the directory, and what that needs. */
    public static void main(String[] args) throws Exception {
        Path dir = Path.of(args[1]);
        switch (args[0]) {
            case "write" -> write(dir, args[2], args[3]);
            case "reshard" -> Resharding.run(dir, Integer.parseInt(args[2]), haltAt(args[3]));
            default -> backup(dir, Path.of(args[2]), haltAt(args[3]));
        }
    }

    static Durability durability(String name) {
        return switch (name) {
            case "everyWrite" -> Durability.everyWrite();
            case "group" -> Durability.group();
            default -> Durability.behind(Duration.ofMillis(20));
        };
    }

    private static void write(Path dir, String durability, String round) throws Exception {
        var store =
                Stores.builder(dir).shards(3).durability(durability(durability)).open();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            var thread = new Thread(() -> write(store, round, number, durability.equals("behind")));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void write(SqlShard<String> store, String round, int thread, boolean behind) {
        var ops = new CrashOps(name(round, thread));
        try {
            for (int i = 0; ; i++) {
                ops.apply(store, i);
                if (!behind) {
                    say(thread + " " + (i + 1));
                } else if (i % FLUSH_EVERY == 0) {
                    store.flush();
                    say(thread + " " + (i + 1));
                }
            }
        } catch (Exception e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(3);
        }
    }

    static String name(String round, int thread) {
        return "round " + round + " thread " + thread;
    }

    private static void backup(Path dir, Path target, Steps steps) throws Exception {
        try (var store = Stores.builder(dir).open()) {
            store.backup(target, steps);
        }
    }

    /** As if it were killed there: nothing more is done. */
    private static Steps haltAt(String last) {
        return step -> {
            say(step);
            if (step.equals(last)) {
                Runtime.getRuntime().halt(9);
            }
        };
    }

    private static void say(String line) throws IOException {
        OUT.write((line + "\n").getBytes(US_ASCII));
    }
}
