package io.mutil.loop;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Sources with a result, in the order in which the results came. */
final class ForeverReady<T extends @Nullable Object> {
    /** So many removed ones may lie here for nothing, beside as many as there are sources. */
    private static final int FEW = 32;

    private final ForeverQueue queue = new ForeverQueue();
    private final ReentrantLock lock = new ReentrantLock();
    /** Went through the queue when the removed ones were swept out; before all that is in the queue. */
    private final ArrayDeque<ForeverSlot<T>> swept = new ArrayDeque<>();

    private int removed;
    private long completions;
    private long failures;

    /** Any thread, and without a lock. */
    void push(ForeverSlot<T> slot) {
        queue.push(slot);
    }

    /** Hands out the next one, which is then the caller's to arm again; null if there is none. */
    @Nullable
    ForeverSlot<T> claim() {
        lock.lock();
        try {
            return claimNext();
        } finally {
            lock.unlock();
        }
    }

    /** Hands out all that are here, but no more than so many. */
    List<ForeverSlot<T>> claimAll(int most) {
        var claimed = new ArrayList<ForeverSlot<T>>();
        lock.lock();
        try {
            while (claimed.size() < most) {
                ForeverSlot<T> slot = claimNext();
                if (slot == null) {
                    break;
                }
                claimed.add(slot);
            }
        } finally {
            lock.unlock();
        }
        return claimed;
    }

    private @Nullable ForeverSlot<T> claimNext() {
        for (ForeverSlot<T> slot = next(); slot != null; slot = next()) {
            if (slot.claim()) {
                completions++;
                failures += slot.hasFailed() ? 1 : 0;
                return slot;
            }
            removed--;
        }
        return null;
    }

    private @Nullable ForeverSlot<T> next() {
        ForeverSlot<T> slot = swept.poll();
        return slot == null ? pop() : slot;
    }

    @SuppressWarnings("unchecked") // nothing else is pushed
    private @Nullable ForeverSlot<T> pop() {
        return (ForeverSlot<T>) queue.pop();
    }

    /** One of those here has been removed; they are swept out before they are more than the others. */
    void removedOne(int sources) {
        lock.lock();
        try {
            removed++;
            if (removed > FEW + sources) {
                sweep();
            }
        } finally {
            lock.unlock();
        }
    }

    private void sweep() {
        swept.removeIf(ForeverSlot::isGone);
        for (ForeverSlot<T> slot = pop(); slot != null; slot = pop()) {
            if (!slot.isGone()) {
                swept.add(slot);
            }
        }
        removed = 0;
    }

    /** How many lie here, removed ones included. For tests. */
    int length() {
        lock.lock();
        try {
            for (ForeverSlot<T> slot = pop(); slot != null; slot = pop()) {
                swept.add(slot);
            }
            return swept.size();
        } finally {
            lock.unlock();
        }
    }

    /** Handed out so far: all of them, and failures among them. */
    long[] counts() {
        lock.lock();
        try {
            return new long[] {completions, failures};
        } finally {
            lock.unlock();
        }
    }
}
