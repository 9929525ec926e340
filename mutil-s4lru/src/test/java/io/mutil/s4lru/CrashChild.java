package io.mutil.s4lru;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** A program to be killed: works on a state, and says on its standard output how far it is. */
final class CrashChild {
    static final int STEPS_PER_COMMIT = 40;

    private CrashChild() {}

    /** Arguments: the file, the seed, and whether commits come by themselves. */
    public static void main(String[] args) throws Exception {
        if (Boolean.parseBoolean(args[2])) {
            busy(Path.of(args[0]));
        } else {
            stepwise(Path.of(args[0]), Long.parseLong(args[1]));
        }
    }

    /** Ends with who started it. */
    private static void say(int number) {
        System.out.println(number);
        if (System.out.checkError()) {
            System.exit(1);
        }
    }

    static S4Lru open(Path file) throws java.io.IOException {
        return S4Lru.builder(300)
                .persistTo(file)
                .commitEvery(1_000_000, Duration.ofHours(1))
                .open();
    }

    private static void stepwise(Path file, long seed) throws Exception {
        var random = new Random(seed);
        try (S4Lru lru = open(file)) {
            for (int commit = 1; ; commit++) {
                steps(lru, random);
                if (commit % 3 == 0) {
                    lru.flush();
                } else {
                    lru.commit();
                }
                say(commit);
            }
        }
    }

    /** The same steps for the same random numbers. */
    static void steps(S4Lru lru, Random random) {
        for (int step = 0; step < STEPS_PER_COMMIT; step++) {
            String key = "key number " + random.nextInt(500);
            if (random.nextInt(20) == 0) {
                lru.remove(key);
            } else {
                lru.touch(key, random.nextInt(3));
            }
        }
        List<Evicted> unused = lru.evict();
    }

    /** Says of keys only when they are flushed, while others come and are committed all the time. */
    private static void busy(Path file) throws Exception {
        try (S4Lru lru = S4Lru.builder(Long.MAX_VALUE)
                .persistTo(file)
                .commitEvery(100, Duration.ofMillis(1))
                .open()) {
            int first = lru.count();
            var toucher = new Thread(() -> {
                for (int i = first; ; i++) {
                    lru.touch("key number " + Math.min(i, first + 20_000), 1);
                    lru.touch("key number " + i * 31L % (first + 1), 1);
                }
            });
            toucher.setDaemon(true);
            toucher.start();
            while (true) {
                int before = lru.count();
                lru.flush();
                say(before);
            }
        }
    }
}
