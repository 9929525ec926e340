package io.mutil.dataflow;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A bounded queue that makes room by dropping its oldest item; both ends take items off, hence the lock. */
final class LossyLane<T> extends Lane<T> {
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<T> items = new ArrayDeque<>();
    private final int capacity;

    LossyLane(int capacity) {
        this.capacity = capacity;
    }

    @Override
    boolean offer(T item) {
        lock.lock();
        try {
            if (items.size() == capacity) {
                items.remove();
                countDropped();
            }
            items.add(item);
        } finally {
            lock.unlock();
        }
        countOffered();
        return true;
    }

    @Override
    @Nullable
    T poll() {
        lock.lock();
        try {
            T item = items.poll();
            if (item != null) {
                countPolled();
            }
            return item;
        } finally {
            lock.unlock();
        }
    }

    @Override
    boolean isEmpty() {
        lock.lock();
        try {
            return items.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
