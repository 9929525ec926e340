package io.mutil.s4lru;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The number of each entry's row in the table, as ints while they fit. Guarded by the lock of the LRU. */
final class RowNumbers {
    private int[] rows = new int[16];
    private long @Nullable [] large;

    void set(int slot, long row) {
        long[] all = large;
        if (all == null && row == (int) row) {
            if (slot >= rows.length) {
                rows = Arrays.copyOf(rows, grown(slot, rows.length));
            }
            rows[slot] = (int) row;
            return;
        }
        if (all == null) {
            all = Arrays.stream(rows).asLongStream().toArray();
            rows = new int[0];
        }
        if (slot >= all.length) {
            all = Arrays.copyOf(all, grown(slot, all.length));
        }
        all[slot] = row;
        large = all;
    }

    private static int grown(int slot, int length) {
        return Math.max(slot + 1, length + (length >> 3));
    }

    long get(int slot) {
        long[] all = large;
        return all == null ? rows[slot] : all[slot];
    }
}
