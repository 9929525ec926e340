package io.mutil.s4lru;

import java.util.Arrays;

/** The number of each entry's row in the table. Guarded by the lock of the LRU. */
final class RowNumbers {
    private long[] rows = new long[16];

    void set(int slot, long row) {
        if (slot >= rows.length) {
            rows = Arrays.copyOf(rows, Math.max(slot + 1, rows.length + (rows.length >> 1)));
        }
        rows[slot] = row;
    }

    long get(int slot) {
        return rows[slot];
    }
}
