package io.mutil.awssig;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The signing keys that were used last, each until a key of a later day is derived. One volatile read where the same key is
 * used again; safe for many threads.
 */
final class KeyCache {
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<DayKey> keys = new ArrayDeque<>();
    private final LongAdder derived = new LongAdder();
    private volatile @Nullable DayKey last;

    KeyCache(int capacity) {
        this.capacity = capacity;
    }

    DayKey get(Credentials who, String date, String region, String service) {
        DayKey hit = last;
        if (hit != null && hit.fits(who, date, region, service)) {
            return hit;
        }
        DayKey found = find(who, date, region, service);
        last = found;
        return found;
    }

    private DayKey find(Credentials who, String date, String region, String service) {
        lock.lock();
        try {
            for (DayKey key : keys) {
                if (key.fits(who, date, region, service)) {
                    keys.remove(key);
                    keys.addFirst(key);
                    return key;
                }
            }
            DayKey key = DayKey.derive(who, date, region, service);
            derived.increment();
            keys.removeIf(old -> old.isBefore(date));
            if (keys.size() == capacity) {
                keys.removeLast();
            }
            keys.addFirst(key);
            return key;
        } finally {
            lock.unlock();
        }
    }

    long derived() {
        return derived.sum();
    }
}
