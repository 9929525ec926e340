package io.mutil.s4lru;

import java.util.Arrays;

/** The lists of the levels, hottest entry first, with the sums of each. Guarded by the lock of the LRU. */
final class Levels {
    private final Entries entries;
    private final int[] counts;
    private final long[] sizes;

    /** Takes entries whose first slots stand for as many levels. */
    Levels(Entries entries, int levels) {
        this.entries = entries;
        counts = new int[levels];
        sizes = new long[levels];
    }

    int top() {
        return counts.length - 1;
    }

    boolean isEmpty(int level) {
        return counts[level] == 0;
    }

    int count(int level) {
        return counts[level];
    }

    long size() {
        return Arrays.stream(sizes).sum();
    }

    long size(int level) {
        return sizes[level];
    }

    /** The hottest entry, or the level itself if it is empty. */
    int head(int level) {
        return entries.next(level);
    }

    /** The coldest entry, or the level itself if it is empty. */
    int tail(int level) {
        return entries.previous(level);
    }

    /** Puts an entry that is in no list at the hot end. */
    void pushHead(int slot, int level) {
        entries.link(slot, level);
        count(slot, level);
    }

    /** Puts an entry that is in no list at the cold end. */
    void pushTail(int slot, int level) {
        entries.link(slot, entries.previous(level));
        count(slot, level);
    }

    private void count(int slot, int level) {
        entries.setLevel(slot, level);
        counts[level]++;
        sizes[level] += entries.size(slot);
    }

    void unlink(int slot) {
        int level = entries.level(slot);
        entries.unlink(slot);
        counts[level]--;
        sizes[level] -= entries.size(slot);
    }

    /** Moves an entry to the hot end of its own level. */
    void refresh(int slot) {
        entries.unlink(slot);
        entries.link(slot, entries.level(slot));
    }

    void resized(int slot, long by) {
        sizes[entries.level(slot)] += by;
    }
}
