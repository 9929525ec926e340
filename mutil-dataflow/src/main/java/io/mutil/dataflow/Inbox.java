package io.mutil.dataflow;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** The lanes into one receiver, one for each sender that has sent to it. */
final class Inbox<T> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Edge edge;

    @SuppressWarnings("unchecked")
    private volatile Lane<T>[] lanes = (Lane<T>[]) new Lane<?>[0];

    private int next;

    Inbox(Edge edge) {
        this.edge = edge;
    }

    /** Adds the lane of one more sender. */
    Lane<T> connect() {
        Lane<T> lane = edge.whenFull() == WhenFull.DROP_OLDEST
                ? new LossyLane<>(edge.capacity())
                : new Ring<>(edge.capacity());
        lock.lock();
        try {
            Lane<T>[] more = Arrays.copyOf(lanes, lanes.length + 1);
            more[lanes.length] = lane;
            lanes = more;
        } finally {
            lock.unlock();
        }
        return lane;
    }

    boolean isEmpty() {
        for (Lane<T> lane : lanes) {
            if (!lane.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Hands up to about {@code budget} items over, from all lanes in turn; only the receiver calls this.
     *
     * @param taker takes an item; false if it wants no more for now
     * @return true if every lane was seen empty
     */
    boolean drain(int budget, Predicate<? super T> taker) {
        Lane<T>[] all = lanes;
        if (all.length == 0) {
            return true;
        }
        int share = Math.max(1, budget / all.length);
        boolean empty = true;
        // Each turn starts one lane further, so that a busy sender cannot starve the others.
        int start = (next++ & Integer.MAX_VALUE) % all.length;
        for (int i = 0; i < all.length; i++) {
            int index = start + i;
            Lane<T> lane = all[index < all.length ? index : index - all.length];
            for (int taken = 0; ; taken++) {
                T item = taken < share ? lane.poll() : null;
                if (item == null) {
                    empty &= taken < share;
                    break;
                }
                if (!taker.test(item)) {
                    return false;
                }
            }
        }
        return empty;
    }

    /** Discards everything, and tells how much that was; only the receiver calls this. */
    long clear() {
        long lost = 0;
        for (Lane<T> lane : lanes) {
            while (lane.poll() != null) {
                lost++;
            }
        }
        return lost;
    }

    List<Lane<T>> lanes() {
        return List.of(lanes);
    }

    Edge edge() {
        return edge;
    }
}
