package io.mutil.s4lru;

import java.util.Arrays;

/** A list of ints. */
final class Ints {
    private static final int LEAST = 16;
    /** A list that was long once need not keep its memory. */
    private static final int KEPT = 1 << 14;

    private int[] values = new int[LEAST];
    private int size;

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    int get(int at) {
        return values[at];
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
        if (values.length > KEPT) {
            values = new int[LEAST];
        }
    }
}
