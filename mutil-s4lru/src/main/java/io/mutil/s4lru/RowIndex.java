package io.mutil.s4lru;

/** From row numbers to slots: open addressing with linear probing. */
final class RowIndex {
    private long[] rows;
    private int[] slots;
    private int size;

    RowIndex(int expected) {
        int length = Integer.highestOneBit(Math.max(8, expected)) * 4;
        rows = new long[length];
        slots = new int[length];
    }

    void put(long row, int slot) {
        if (size * 2 >= rows.length) {
            grow();
        }
        int at = find(row);
        size += slots[at] == 0 ? 1 : 0;
        rows[at] = row;
        slots[at] = slot + 1;
    }

    private void grow() {
        var larger = new RowIndex(rows.length);
        for (int at = 0; at < rows.length; at++) {
            if (slots[at] != 0) {
                larger.put(rows[at], slots[at] - 1);
            }
        }
        rows = larger.rows;
        slots = larger.slots;
    }

    /** Returns the slot, or {@link Entries#NONE}. */
    int get(long row) {
        return slots[find(row)] - 1;
    }

    private int find(long row) {
        int mask = rows.length - 1;
        int at = (int) ((row * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (slots[at] != 0 && rows[at] != row) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
