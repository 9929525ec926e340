package io.mutil.s4lru;

import java.util.Arrays;

/** The lists of the levels, hottest entry first, with the sums of each. Guarded by the lock of the LRU. */
final class Levels {
    private final Entries entries;
    private final int[] heads;
    private final int[] tails;
    private final int[] counts;
    private final long[] sizes;

    Levels(Entries entries, int levels) {
        this.entries = entries;
        heads = new int[levels];
        tails = new int[levels];
        counts = new int[levels];
        sizes = new long[levels];
        Arrays.fill(heads, Entries.NONE);
        Arrays.fill(tails, Entries.NONE);
    }

    int top() {
        return heads.length - 1;
    }

    int head(int level) {
        return heads[level];
    }

    int tail(int level) {
        return tails[level];
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

    /** Puts an entry that is in no list at the hot end. */
    void pushHead(int slot, int level) {
        int head = heads[level];
        entries.setLevel(slot, level);
        entries.setLinks(slot, Entries.NONE, head);
        if (head == Entries.NONE) {
            tails[level] = slot;
        } else {
            entries.setPrevious(head, slot);
        }
        heads[level] = slot;
        count(slot, level);
    }

    /** Puts an entry that is in no list at the cold end. */
    void pushTail(int slot, int level) {
        int tail = tails[level];
        entries.setLevel(slot, level);
        entries.setLinks(slot, tail, Entries.NONE);
        if (tail == Entries.NONE) {
            heads[level] = slot;
        } else {
            entries.setNext(tail, slot);
        }
        tails[level] = slot;
        count(slot, level);
    }

    private void count(int slot, int level) {
        counts[level]++;
        sizes[level] += entries.size(slot);
    }

    void unlink(int slot) {
        int level = entries.level(slot);
        int previous = entries.previous(slot);
        int next = entries.next(slot);
        if (previous == Entries.NONE) {
            heads[level] = next;
        } else {
            entries.setNext(previous, next);
        }
        if (next == Entries.NONE) {
            tails[level] = previous;
        } else {
            entries.setPrevious(next, previous);
        }
        counts[level]--;
        sizes[level] -= entries.size(slot);
    }

    void resized(int slot, long by) {
        sizes[entries.level(slot)] += by;
    }
}
