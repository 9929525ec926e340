package io.mutil.cache;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** A fair lock for each key that somebody holds or waits for. */
final class KeyLocks {
    private final ConcurrentMap<String, Shared> locks = new ConcurrentHashMap<>();

    /** The lock of one key. */
    static final class Shared extends ReentrantLock {
        private static final long serialVersionUID = 1L;
        private int users; // within compute() of its key

        Shared() {
            super(true);
        }

        /** The thread that holds it, for a message. */
        String holder() {
            Thread owner = getOwner();
            return owner == null ? "no thread" : "thread " + owner.getName();
        }
    }

    KeyLock lock(String key) throws InterruptedException {
        Shared lock = enter(key);
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            leave(key);
            throw e;
        }
        return new KeyLock(this, key, lock);
    }

    Optional<KeyLock> tryLock(String key, Duration atMost) throws InterruptedException {
        Shared lock = enter(key);
        boolean got = false;
        try {
            got = lock.tryLock(TimeUnit.NANOSECONDS.convert(atMost), TimeUnit.NANOSECONDS);
        } finally {
            if (!got) {
                leave(key);
            }
        }
        return got ? Optional.of(new KeyLock(this, key, lock)) : Optional.empty();
    }

    private Shared enter(String key) {
        return locks.compute(key, (k, known) -> {
            Shared lock = known == null ? new Shared() : known;
            lock.users++;
            return lock;
        });
    }

    void leave(String key) {
        locks.computeIfPresent(key, (k, lock) -> {
            lock.users--;
            return lock.users == 0 ? null : lock;
        });
    }

    /** How many threads wait for a key. */
    int waiting(String key) {
        Shared lock = locks.get(key);
        return lock == null ? 0 : lock.getQueueLength();
    }

    /** How many keys are locked or waited for. */
    int size() {
        return locks.size();
    }
}
