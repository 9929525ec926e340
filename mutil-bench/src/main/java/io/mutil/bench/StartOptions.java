package io.mutil.bench;

import java.util.Iterator;
import java.util.List;

/** What {@link StartTime} was asked to do. */
record StartOptions(int workers, int rounds) {
    private static final String USAGE = "usage: StartTime [--workers 64] [--rounds 3]";
    private static final int MAX_WORKERS = 1024;
    private static final int MAX_ROUNDS = 1000;

    /** @throws IllegalArgumentException if an argument is wrong; its message is for the user */
    static StartOptions parse(String... args) {
        int workers = 64;
        int rounds = 3;
        for (Iterator<String> rest = List.of(args).iterator(); rest.hasNext(); ) {
            String option = rest.next();
            switch (option) {
                case "--workers" -> workers = number(option, rest, MAX_WORKERS);
                case "--rounds" -> rounds = number(option, rest, MAX_ROUNDS);
                default -> throw new IllegalArgumentException("unknown option " + option + "; " + USAGE);
            }
        }
        return new StartOptions(workers, rounds);
    }

    private static int number(String option, Iterator<String> rest, int max) {
        String text = rest.hasNext() ? rest.next() : "nothing";
        if (!text.matches("[1-9]\\d{0,8}") || Integer.parseInt(text) > max) {
            throw new IllegalArgumentException(option + " must be 1 to " + max + ", was " + text + "; " + USAGE);
        }
        return Integer.parseInt(text);
    }
}
