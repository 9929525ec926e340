package io.mutil.bench;

import java.nio.file.Path;

/** How often a driver measures, and where: options that several have. */
public final class Repeats {
    /** For the usage. */
    public static final String USAGE = "[--warm-ups 1] [--rounds 3] [--dir path]";

    private static final int MAX_ROUNDS = 1000;

    private int warmUps = 1;
    private int rounds = 3;
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    /** Takes the option, if it is one of these. */
    public boolean take(String option, Arguments rest) {
        switch (option) {
            case "--warm-ups" -> warmUps = rest.number(0, MAX_ROUNDS);
            case "--rounds" -> rounds = rest.number(MAX_ROUNDS);
            case "--dir" -> directory = rest.path();
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Once, without warming up. */
    public void quick() {
        warmUps = 0;
        rounds = 1;
    }

    /** Rounds that do not count, before the others. */
    public int warmUps() {
        return warmUps;
    }

    /** Rounds that count. */
    public int rounds() {
        return rounds;
    }

    /** In which each turn has a directory of its own. */
    public Path directory() {
        return directory;
    }
}
