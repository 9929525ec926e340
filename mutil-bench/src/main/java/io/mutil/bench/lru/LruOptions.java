package io.mutil.bench.lru;

import io.mutil.bench.Arguments;
import io.mutil.bench.Repeats;
import java.util.List;

/** What {@link LruDriver} was asked to do. */
record LruOptions(List<String> modes, List<String> contestants, int keys, Repeats repeats) {
    static final List<String> MODES = List.of("stay", "load", "bytes");

    private static final String USAGE = "usage: LruDriver [--mode " + String.join(",", MODES) + "] [--contestants "
            + String.join(",", Lrus.NAMES) + "] [--keys 1000000] " + Repeats.USAGE + " [--quick]";
    private static final int MAX_KEYS = 100_000_000;

    /** @throws IllegalArgumentException if an argument is wrong; its message is for the user */
    static LruOptions parse(String... args) {
        var chosen = new Choices();
        for (var rest = new Arguments(USAGE, args); rest.hasNext(); ) {
            chosen.take(rest.next(), rest);
        }
        return new LruOptions(chosen.modes, chosen.contestants, chosen.keys, chosen.repeats);
    }

    private static final class Choices {
        private List<String> modes = MODES;
        private List<String> contestants = Lrus.NAMES;
        private int keys = 1_000_000;
        private final Repeats repeats = new Repeats();

        void take(String option, Arguments rest) {
            switch (option) {
                case "--mode" -> modes = rest.words(MODES);
                case "--contestants" -> contestants = rest.words(Lrus.NAMES);
                case "--keys" -> keys = rest.number(MAX_KEYS);
                case "--quick" -> quick();
                default -> {
                    if (!repeats.take(option, rest)) {
                        throw rest.unknown();
                    }
                }
            }
        }

        private void quick() {
            keys = 1000;
            repeats.quick();
        }
    }
}
