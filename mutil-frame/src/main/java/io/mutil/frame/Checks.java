package io.mutil.frame;

/** What is refused everywhere in the same words. */
final class Checks {
    private Checks() {}

    static int atLeast(int least, String name, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", was " + value);
        }
        return value;
    }

    static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be positive, was " + value);
        }
        return value;
    }

    static int notNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, was " + value);
        }
        return value;
    }

    static int decimals(String name, int value) {
        if (value < 0 || value > Numbers.MOST_DECIMALS) {
            throw new IllegalArgumentException(name + " must be from 0 to " + Numbers.MOST_DECIMALS + ", was " + value);
        }
        return value;
    }
}
