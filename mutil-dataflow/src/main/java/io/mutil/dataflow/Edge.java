package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * The queue between one sender and one receiver: how much it holds and what happens when it is full.
 *
 * <p>A level of {@code s} senders and {@code r} receivers has up to {@code s * r} such queues, made when first used, so
 * it holds at most {@code s * r * capacity} items.
 *
 * @param capacity items per queue, 1 to 2^24, rounded up to a power of two
 * @param whenFull what happens to an item for which there is no room
 */
public record Edge(int capacity, WhenFull whenFull) implements Serializable {
    private static final int MAX_CAPACITY = 1 << 24;

    static final Edge DEFAULT = blocking(1024);

    public Edge {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity must be 1 to " + MAX_CAPACITY + ", was " + capacity);
        }
        capacity = Integer.highestOneBit(Math.max(1, capacity * 2 - 1));
        requireNonNull(whenFull, "whenFull");
    }

    /** A full edge makes the sender wait. The default, with a capacity of 1024. */
    public static Edge blocking(int capacity) {
        return new Edge(capacity, WhenFull.BLOCK);
    }

    /** A full edge drops its oldest item. */
    public static Edge droppingOldest(int capacity) {
        return new Edge(capacity, WhenFull.DROP_OLDEST);
    }

    /** A full edge drops the new item. */
    public static Edge droppingNewest(int capacity) {
        return new Edge(capacity, WhenFull.DROP_NEWEST);
    }

    /** A full edge throws {@link EdgeFullException} at the sender. */
    public static Edge failing(int capacity) {
        return new Edge(capacity, WhenFull.FAIL);
    }
}
