package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;

/** The items that a worker in another process has been sent and has not answered, in order. For one thread. */
final class UnderWay<T> {
    /** A power of two. */
    private static final int MAX_ITEMS = 4096;

    private final ArrayDeque<T> items = new ArrayDeque<>();
    private final int[] sizes = new int[MAX_ITEMS];
    private long added;
    private long removed;
    private long bytes;

    boolean hasRoom() {
        return items.size() < MAX_ITEMS && bytes < ProcessTask.MAX_BYTES;
    }

    void add(T item, int size) {
        items.add(item);
        sizes[(int) added++ & MAX_ITEMS - 1] = size;
        bytes += size;
    }

    /** The oldest, which has been answered. */
    T remove() {
        bytes -= sizes[(int) removed++ & MAX_ITEMS - 1];
        return requireNonNull(items.poll(), "an answer to nothing");
    }

    /** Forgets them all, and tells how many they were. */
    int clear() {
        int count = items.size();
        items.clear();
        removed = added;
        bytes = 0;
        return count;
    }
}
