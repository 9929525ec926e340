package io.mutil.s4lru;

import org.jspecify.annotations.Nullable;

/** Sorts numbers that carry an int: by digits of 16 bits, from the lowest, without those that are all alike. */
final class Order {
    private static final int DIGIT = 1 << 16;

    private final long[] keys;
    private final int[] values;
    private int size;

    Order(int most) {
        keys = new long[most];
        values = new int[most];
    }

    /** Adds a key, which is not negative. */
    void add(long key, int value) {
        keys[size] = key;
        values[size++] = value;
    }

    /** Returns the values in the order of their keys. */
    int[] sorted() {
        long[] from = keys;
        int[] fromValues = values;
        long[] to = new long[size];
        int[] toValues = new int[size];
        for (int shift = 0; shift < 64; shift += 16) {
            int[] starts = starts(from, shift);
            if (starts != null) {
                for (int i = 0; i < size; i++) {
                    int at = starts[digit(from[i], shift)]++;
                    to[at] = from[i];
                    toValues[at] = fromValues[i];
                }
                long[] swap = from;
                from = to;
                to = swap;
                int[] swapValues = fromValues;
                fromValues = toValues;
                toValues = swapValues;
            }
        }
        return fromValues;
    }

    private int @Nullable [] starts(long[] from, int shift) {
        var counts = new int[DIGIT];
        for (int i = 0; i < size; i++) {
            counts[digit(from[i], shift)]++;
        }
        if (size == 0 || counts[digit(from[0], shift)] == size) {
            return null;
        }
        int start = 0;
        for (int digit = 0; digit < DIGIT; digit++) {
            int count = counts[digit];
            counts[digit] = start;
            start += count;
        }
        return counts;
    }

    private static int digit(long key, int shift) {
        return (int) (key >>> shift) & (DIGIT - 1);
    }
}
