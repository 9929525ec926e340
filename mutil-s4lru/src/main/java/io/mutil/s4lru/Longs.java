package io.mutil.s4lru;

import java.util.Arrays;

/** A list of longs. */
final class Longs {
    private long[] values = new long[16];
    private int size;

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    void addAll(Longs others) {
        for (int i = 0; i < others.size; i++) {
            add(others.values[i]);
        }
    }

    long get(int at) {
        return values[at];
    }

    int size() {
        return size;
    }
}
