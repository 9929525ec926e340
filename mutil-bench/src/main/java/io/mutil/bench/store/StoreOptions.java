package io.mutil.bench.store;

import io.mutil.bench.Arguments;
import io.mutil.bench.Repeats;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What {@link StoreDriver} was asked to do.
 *
 * @param rows of the modes put and get
 * @param contestants names
 */
record StoreOptions(
        List<Mode> modes, List<String> contestants, int rows, int syncRows, int scanRows, int shards, Repeats repeats) {
    /** What is measured. */
    enum Mode {
        PUT,
        SYNC,
        GET,
        SCAN;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final List<String> MODES =
            Arrays.stream(Mode.values()).map(Mode::word).toList();
    private static final String USAGE =
            """
            usage: StoreDriver [--mode %s] [--contestants %s]
              [--rows 100000] [--sync-rows 20000] [--scan-rows 1000000] [--shards 4]
              %s [--quick]""".formatted(String.join(",", MODES), String.join(",", Contestants.names()), Repeats.USAGE);
    private static final int MAX_ROWS = 100_000_000;
    private static final int MAX_SHARDS = 1024;

    /** @throws IllegalArgumentException if an argument is wrong; its message is for the user */
    static StoreOptions parse(String... args) {
        var chosen = new Choices();
        for (var rest = new Arguments(USAGE, args); rest.hasNext(); ) {
            chosen.take(rest.next(), rest);
        }
        return chosen.made();
    }

    private static final class Choices {
        private List<String> modes = MODES;
        private List<String> contestants = Contestants.names();
        private int rows = 100_000;
        private int syncRows = 20_000;
        private int scanRows = 1_000_000;
        private int shards = 4;
        private final Repeats repeats = new Repeats();

        void take(String option, Arguments rest) {
            switch (option) {
                case "--mode" -> modes = rest.words(MODES);
                case "--contestants" -> contestants = rest.words(Contestants.names());
                case "--rows" -> rows = rest.number(MAX_ROWS);
                case "--sync-rows" -> syncRows = rest.number(MAX_ROWS);
                case "--scan-rows" -> scanRows = rest.number(MAX_ROWS);
                case "--shards" -> shards = rest.number(MAX_SHARDS);
                case "--quick" -> quick();
                default -> {
                    if (!repeats.take(option, rest)) {
                        throw rest.unknown();
                    }
                }
            }
        }

        private void quick() {
            rows = 1000;
            syncRows = 256;
            scanRows = 1000;
            shards = 2;
            repeats.quick();
        }

        StoreOptions made() {
            return new StoreOptions(
                    modes.stream()
                            .map(word -> Mode.valueOf(word.toUpperCase(Locale.ROOT)))
                            .toList(),
                    contestants,
                    rows,
                    syncRows,
                    scanRows,
                    shards,
                    repeats);
        }
    }

    /** Those that were asked for and take part in a mode. */
    List<Contestant> of(Mode mode) {
        return Contestants.ALL.stream()
                .filter(contestant -> contestants.contains(contestant.name())
                        && contestant.modes().contains(mode))
                .toList();
    }

    int rowsOf(Mode mode) {
        return switch (mode) {
            case PUT, GET -> rows;
            case SYNC -> syncRows;
            case SCAN -> scanRows;
        };
    }
}
