package io.mutil.ratelimit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A count that many threads add to without an atomic instruction; a few may be missed between threads that share a cell. */
final class Tally {
    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int MOST_CELLS = 16;
    /** One cell in a cache line. */
    private static final int STRIDE = 8;

    private final long[] cells;
    private final int mask;

    Tally(int processors) {
        int count = Integer.highestOneBit(Math.max(1, Math.min(processors, MOST_CELLS)) * 2 - 1);
        mask = count - 1;
        cells = new long[(count + 1) * STRIDE];
    }

    void add(int amount) {
        int cell = (((int) Thread.currentThread().getId() & mask) + 1) * STRIDE;
        CELLS.setOpaque(cells, cell, (long) CELLS.getOpaque(cells, cell) + amount);
    }

    long sum() {
        long sum = 0;
        for (int cell = STRIDE; cell < cells.length; cell += STRIDE) {
            sum += (long) CELLS.getOpaque(cells, cell);
        }
        return sum;
    }
}
