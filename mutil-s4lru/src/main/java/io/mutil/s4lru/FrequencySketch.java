package io.mutil.s4lru;

/**
 * Counts how often hashes were seen, about, up to 15, and forgets by halving: a count-min sketch with four counters of
 * four bits for each hash, all in one line of the processor's cache.
 */
final class FrequencySketch {
    private static final long ONES = 0x1111111111111111L;
    private static final long HALVED = 0x7777777777777777L;
    private static final int BLOCK = 8;
    private static final int SAMPLE_PER_ENTRY = 10;

    private long[] table = new long[64];
    private int sample = 64 * SAMPLE_PER_ENTRY;
    private int additions;

    /** Starts anew, with more room, once there are more entries than counters of one kind. */
    void ensureCapacity(int entries) {
        if (entries > table.length) {
            table = new long[Integer.highestOneBit(Math.min(entries, 1 << 29)) * 2];
            sample = (int) Math.min((long) table.length * SAMPLE_PER_ENTRY, Integer.MAX_VALUE);
            additions = 0;
        }
    }

    void increment(int hash) {
        int mixed = mix(hash);
        int block = block(mixed);
        boolean added = false;
        for (int row = 0; row < 4; row++) {
            added |= incrementAt(block + word(mixed, row), shift(mixed, row));
        }
        if (added && ++additions == sample) {
            halve();
        }
    }

    int frequency(int hash) {
        int mixed = mix(hash);
        int block = block(mixed);
        int least = 15;
        for (int row = 0; row < 4; row++) {
            long word = table[block + word(mixed, row)];
            least = Math.min(least, (int) (word >>> shift(mixed, row)) & 15);
        }
        return least;
    }

    private boolean incrementAt(int at, int shift) {
        if (((table[at] >>> shift) & 15) == 15) {
            return false;
        }
        table[at] += 1L << shift;
        return true;
    }

    private void halve() {
        int odd = 0;
        for (int i = 0; i < table.length; i++) {
            odd += Long.bitCount(table[i] & ONES);
            table[i] = (table[i] >>> 1) & HALVED;
        }
        additions = (additions - (odd >> 2)) >>> 1;
    }

    private static int mix(int hash) {
        int h = (hash ^ (hash >>> 15)) * 0x2C1B3C6D;
        h = (h ^ (h >>> 12)) * 0x297A2D39;
        return h ^ (h >>> 15);
    }

    private int block(int mixed) {
        return (mixed & (table.length / BLOCK - 1)) * BLOCK;
    }

    /** Each row has two words of the block for itself. */
    private static int word(int mixed, int row) {
        int bits = Integer.rotateLeft(mixed * 0x31848BAB, row * 8);
        return row * 2 + (bits & 1);
    }

    private static int shift(int mixed, int row) {
        int bits = Integer.rotateLeft(mixed * 0x31848BAB, row * 8);
        return ((bits >>> 1) & 15) << 2;
    }
}
