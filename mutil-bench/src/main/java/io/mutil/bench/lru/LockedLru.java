package io.mutil.bench.lru;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** The JDK's map in the order of access, behind a lock. */
final class LockedLru implements Lru {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, String> map;

    LockedLru(int capacity) {
        map = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                return size() > capacity;
            }
        };
    }

    @Override
    public boolean touch(String key) {
        lock.lock();
        try {
            return map.get(key) != null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void add(String key) {
        lock.lock();
        try {
            map.put(key, key);
        } finally {
            lock.unlock();
        }
    }
}
