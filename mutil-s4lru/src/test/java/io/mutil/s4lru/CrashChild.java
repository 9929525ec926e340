package io.mutil.s4lru;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A program to be killed: works on a state, and says on its standard output how far it is. */
final class CrashChild {
    static final int STEPS_PER_COMMIT = 40;
    static final int AHEAD = 500;

    private CrashChild() {}

    /** Arguments: what to do, the file, and the seed. */
    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[1]);
        long seed = Long.parseLong(args[2]);
        switch (args[0]) {
            case "stepwise" -> stepwise(file, seed);
            case "busy" -> busy(file);
            case "churn" -> churn(file, seed);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** Ends with who started it. */
    private static void say(Object line) {
        System.out.println(line);
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

    /** What a step of {@link #churn} does: touches, removes or evicts. */
    record Step(char kind, String key) {
        static Step next(Random random, String padding) {
            int chance = random.nextInt(20);
            return new Step(chance < 3 ? 'r' : chance == 3 ? 'e' : 't', random.nextInt(3_000) + padding);
        }

        /** Long keys for a journal that is often folded. */
        static String padding(long seed) {
            return "x".repeat((int) (seed & 1) * 2_000);
        }
    }

    /**
     * Keys come, go and return all the time. Says {@code e} and the key that was evicted, and the number of steps that were
     * done before a commit; no step is {@link #AHEAD} of the last that was said.
     */
    private static void churn(Path file, long seed) throws Exception {
        try (S4Lru lru = S4Lru.builder(1_000_000)
                .persistTo(file)
                .commitEvery(100, Duration.ofMillis(1))
                .open()) {
            var allowed = new Semaphore(AHEAD);
            var done = new AtomicInteger();
            var worker = new Thread(() -> work(lru, seed, allowed, done));
            worker.setDaemon(true);
            worker.start();
            int said = 0;
            for (int commit = 1; ; commit++) {
                int before = done.get();
                if (commit % 3 == 0) {
                    lru.flush();
                } else {
                    lru.commit();
                }
                say(before);
                allowed.release(before - said);
                said = before;
            }
        }
    }

    private static void work(S4Lru lru, long seed, Semaphore allowed, AtomicInteger done) {
        var random = new Random(seed);
        String padding = Step.padding(seed);
        while (true) {
            allowed.acquireUninterruptibly();
            Step step = Step.next(random, padding);
            switch (step.kind()) {
                case 't' -> lru.touch(step.key(), 1);
                case 'r' -> lru.remove(step.key());
                default -> evictOne(lru);
            }
            done.incrementAndGet();
        }
    }

    private static void evictOne(S4Lru lru) {
        lru.resize(Math.max(1, lru.size() - 1));
        lru.evict(1).forEach(evicted -> say("e" + evicted.key()));
    }
}
