package io.mutil.cache;

/**
 * A lock of one key of a {@link PersistentMap}, held by the thread that got it until that thread closes it.
 *
 * <p>Threads get it in the order in which they asked. A thread that holds it may take it again, and closes it as often. It is an
 * agreement among those who lock: reads and writes of the map itself do not ask for it.
 */
public final class KeyLock implements AutoCloseable {
    private final KeyLocks locks;
    private final String key;
    private final KeyLocks.Shared lock;
    private volatile boolean closed;

    KeyLock(KeyLocks locks, String key, KeyLocks.Shared lock) {
        this.locks = locks;
        this.key = key;
        this.lock = lock;
    }

    /**
     * Gives the lock back. A second call by its owner does nothing.
     *
     * @throws IllegalStateException if this is not the thread that holds it; nothing changes then
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (!lock.isHeldByCurrentThread()) {
            throw new IllegalStateException(
                    "this lock is held by " + lock.holder() + ", and only that may release it, not "
                            + Thread.currentThread().getName());
        }
        closed = true;
        lock.unlock();
        locks.leave(key);
    }

    @Override
    public String toString() {
        return "KeyLock[" + lock.holder() + "]";
    }
}
