package io.mutil.bench.lru;

import io.mutil.bench.Arguments;
import java.nio.file.Path;
import java.util.List;

/** What {@link LruDriver} was asked to do. */
record LruOptions(List<String> modes, List<String> contestants, int keys, int warmUps, int rounds, Path directory) {
    static final List<String> MODES = List.of("stay", "load", "bytes");

    private static final String USAGE = "usage: LruDriver [--mode " + String.join(",", MODES) + "] [--contestants "
            + String.join(",", Lrus.NAMES) + "] [--keys 1000000] [--warm-ups 1] [--rounds 3] [--dir path] [--quick]";
    private static final int MAX_KEYS = 100_000_000;
    private static final int MAX_ROUNDS = 1000;

    /** @throws IllegalArgumentException if an argument is wrong; its message is for the user */
    static LruOptions parse(String... args) {
        var chosen = new Choices();
        for (var rest = new Arguments(USAGE, args); rest.hasNext(); ) {
            chosen.take(rest.next(), rest);
        }
        return new LruOptions(
                chosen.modes, chosen.contestants, chosen.keys, chosen.warmUps, chosen.rounds, chosen.directory);
    }

    private static final class Choices {
        private List<String> modes = MODES;
        private List<String> contestants = Lrus.NAMES;
        private int keys = 1_000_000;
        private int warmUps = 1;
        private int rounds = 3;
        private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

        void take(String option, Arguments rest) {
            switch (option) {
                case "--mode" -> modes = rest.words(MODES);
                case "--contestants" -> contestants = rest.words(Lrus.NAMES);
                case "--keys" -> keys = rest.number(MAX_KEYS);
                case "--warm-ups" -> warmUps = rest.number(0, MAX_ROUNDS);
                case "--rounds" -> rounds = rest.number(MAX_ROUNDS);
                case "--dir" -> directory = rest.path();
                case "--quick" -> quick();
                default -> throw rest.unknown();
            }
        }

        private void quick() {
            keys = 1000;
            warmUps = 0;
            rounds = 1;
        }
    }
}
