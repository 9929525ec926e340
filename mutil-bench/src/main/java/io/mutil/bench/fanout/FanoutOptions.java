package io.mutil.bench.fanout;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@link FanoutDriver} was asked to do.
 *
 * @param clients numbers of clients; none: what the mode usually takes
 * @param contestants names; none: all
 * @param traffic {@code all}, {@code keyed} or {@code both}; empty: what the mode usually takes
 * @param rate deliveries each second that are due in the latency mode
 * @param window messages ahead of the slowest client; 0: by the traffic
 * @param loops event loops of the driver
 * @param heap of a contestant that is a JVM
 */
record FanoutOptions(
        Set<Mode> modes,
        List<Integer> clients,
        List<String> contestants,
        String traffic,
        Duration round,
        int rounds,
        int keys,
        int array,
        int rate,
        int window,
        int loops,
        String heap) {
    /** What is measured. */
    enum Mode {
        THROUGHPUT,
        LATENCY,
        MEMORY,
        RECOVERY
    }

    private static final String USAGE = """
            usage: FanoutDriver [--mode throughput,latency,memory,recovery] [--clients 1,100,1000,5000]
              [--contestants %s] [--traffic all|keyed|both] [--seconds 5] [--rounds 3]
              [--keys 100] [--array 1] [--rate 100000] [--window messages] [--loops 2] [--heap 1g] [--quick]""".formatted(String.join(",", Contestants.names()));
    private static final int MAX_CLIENTS = 20_000;
    private static final int MAX_SECONDS = 3600;
    private static final int MAX_ROUNDS = 1000;
    private static final int MAX_ARRAY = 256;
    private static final int MAX_RATE = 100_000_000;
    private static final int MAX_WINDOW = 1 << 20;
    private static final int MAX_LOOPS = 64;

    /** @throws IllegalArgumentException if an argument is wrong; its message is for the user */
    static FanoutOptions parse(String... args) {
        var choices = new Choices();
        for (Iterator<String> rest = List.of(args).iterator(); rest.hasNext(); ) {
            choices.take(rest.next(), rest);
        }
        return choices.made();
    }

    private static final class Choices {
        private Set<Mode> modes = EnumSet.allOf(Mode.class);
        private List<Integer> clients = List.of();
        private List<String> contestants = List.of();
        private String traffic = "";
        private Duration round = Duration.ofSeconds(5);
        private int rounds = 3;
        private int keys = 100;
        private int array = 1;
        private int rate = 100_000;
        private int window;
        private int loops = Runtime.getRuntime().availableProcessors();
        private String heap = "1g";

        void take(String option, Iterator<String> rest) {
            switch (option) {
                case "--mode" -> modes = modes(list(rest));
                case "--clients" ->
                    clients = list(rest).stream()
                            .map(text -> number(option, text, MAX_CLIENTS))
                            .toList();
                case "--contestants" ->
                    contestants = list(rest).stream()
                            .map(text -> oneOf(option, text, Contestants.names()))
                            .toList();
                case "--traffic" -> traffic = oneOf(option, next(rest), List.of("all", "keyed", "both"));
                case "--seconds" -> round = Duration.ofSeconds(number(option, next(rest), MAX_SECONDS));
                case "--rounds" -> rounds = number(option, next(rest), MAX_ROUNDS);
                case "--keys" -> keys = number(option, next(rest), Tick.MAX_KEYS);
                case "--array" -> array = number(option, next(rest), MAX_ARRAY);
                case "--rate" -> rate = number(option, next(rest), MAX_RATE);
                case "--window" -> window = number(option, next(rest), MAX_WINDOW);
                case "--loops" -> loops = number(option, next(rest), MAX_LOOPS);
                case "--heap" -> heap = heap(option, next(rest));
                case "--quick" -> quick();
                default -> throw wrong("unknown option " + option);
            }
        }

        private void quick() {
            clients = List.of(20);
            round = Duration.ofMillis(200);
            rounds = 1;
            keys = 5;
            rate = 10_000;
            heap = "64m";
        }

        FanoutOptions made() {
            return new FanoutOptions(
                    modes, clients, contestants, traffic, round, rounds, keys, array, rate, window, loops, heap);
        }
    }

    private static Set<Mode> modes(List<String> names) {
        List<String> all =
                Arrays.stream(Mode.values()).map(FanoutOptions::lowerCase).toList();
        return names.stream()
                .map(name -> Mode.valueOf(oneOf("--mode", name, all).toUpperCase(Locale.ROOT)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Mode.class)));
    }

    private static String lowerCase(Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> list(Iterator<String> rest) {
        return List.of(next(rest).split(",", -1));
    }

    private static String next(Iterator<String> rest) {
        return rest.hasNext() ? rest.next() : "nothing";
    }

    private static String oneOf(String option, String text, List<String> allowed) {
        if (!allowed.contains(text)) {
            throw wrong(option + " must be of " + String.join(", ", allowed) + ", was " + text);
        }
        return text;
    }

    private static String heap(String option, String text) {
        if (!text.matches("[1-9]\\d{0,5}[mg]")) {
            throw wrong(option + " must be as 512m or 1g, was " + text);
        }
        return text;
    }

    private static int number(String option, String text, int max) {
        if (!text.matches("[1-9]\\d{0,8}") || Integer.parseInt(text) > max) {
            throw wrong(option + " must be 1 to " + max + ", was " + text);
        }
        return Integer.parseInt(text);
    }

    private static IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(what + "; " + USAGE);
    }

    /** The traffic of a mode: each number of clients, with everything for all, or by keys, or one after the other. */
    List<Traffic> traffic(List<Integer> usualClients, String usual) {
        String kinds = traffic.isEmpty() ? usual : traffic;
        return (clients.isEmpty() ? usualClients : clients)
                .stream()
                        .flatMap(count -> List.of(false, true).stream()
                                .filter(keyed -> kinds.equals("both") || kinds.equals("keyed") == keyed)
                                .map(keyed -> Traffic.of(count, keys, keyed, array)))
                        .toList();
    }
}
