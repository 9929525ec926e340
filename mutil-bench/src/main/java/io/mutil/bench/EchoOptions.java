package io.mutil.bench;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/** What {@link EchoDriver} was asked to do. */
record EchoOptions(Duration round, int rounds, boolean inProcess) {
    private static final String USAGE = "usage: EchoDriver [--seconds 10] [--rounds 3] [--in-process]";
    private static final int MAX_SECONDS = 3600;
    private static final int MAX_ROUNDS = 1000;

    /** @throws IllegalArgumentException if an argument is wrong; its message is for the user */
    static EchoOptions parse(String... args) {
        int seconds = 10;
        int rounds = 3;
        boolean inProcess = false;
        for (Iterator<String> rest = List.of(args).iterator(); rest.hasNext(); ) {
            String option = rest.next();
            switch (option) {
                case "--seconds" -> seconds = number(option, rest, MAX_SECONDS);
                case "--rounds" -> rounds = number(option, rest, MAX_ROUNDS);
                case "--in-process" -> inProcess = true;
                default -> throw new IllegalArgumentException("unknown option " + option + "; " + USAGE);
            }
        }
        return new EchoOptions(Duration.ofSeconds(seconds), rounds, inProcess);
    }

    private static int number(String option, Iterator<String> rest, int max) {
        String text = rest.hasNext() ? rest.next() : "nothing";
        if (!text.matches("[1-9]\\d{0,8}") || Integer.parseInt(text) > max) {
            throw new IllegalArgumentException(option + " must be 1 to " + max + ", was " + text + "; " + USAGE);
        }
        return Integer.parseInt(text);
    }
}
