package io.mutil.bench;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/** Takes a command line apart. What it throws has a message for the user. */
public final class Arguments {
    private final String usage;
    private final Iterator<String> rest;
    private String option = "";

    /** @param usage ends every message */
    public Arguments(String usage, String... args) {
        this.usage = usage;
        this.rest = List.of(args).iterator();
    }

    /** Whether there is another option. */
    public boolean hasNext() {
        return rest.hasNext();
    }

    /** The next option. */
    public String next() {
        option = rest.next();
        return option;
    }

    /** The option's number, 1 to {@code max}. */
    public int number(int max) {
        return number(1, max);
    }

    /** The option's number. */
    public int number(int min, int max) {
        String text = text();
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
            throw wrong(option + " must be " + min + " to " + max + ", was " + text);
        }
        return Integer.parseInt(text);
    }

    /** The option's words, between commas. */
    public List<String> words(Collection<String> allowed) {
        List<String> words = List.of(text().split(",", -1));
        for (String word : words) {
            if (!allowed.contains(word)) {
                throw wrong(option + " must be of " + String.join(", ", allowed) + ", was " + word);
            }
        }
        return words;
    }

    /** The option's path. */
    public Path path() {
        return Path.of(text());
    }

    private String text() {
        return rest.hasNext() ? rest.next() : "nothing";
    }

    /** There is no such option. */
    public IllegalArgumentException unknown() {
        return wrong("unknown option " + option);
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(what + "; " + usage);
    }
}
