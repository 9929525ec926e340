package io.mutil.wproxy;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts how many subscribers hold each key. Safe for many threads. */
final class Ledger {
    private final ReentrantLock lock = new ReentrantLock();
    /** Changed under the lock, looked into without. */
    private final ConcurrentHashMap<String, Key> keys = new ConcurrentHashMap<>();

    private final Key everything;
    private final int loops;
    private final Consumer<Key> onChange;
    private volatile long highestOffset;
    private final AtomicInteger held = new AtomicInteger();

    /**
     * @param loops how many event loops there are
     * @param onChange gets a key that is held and was not, or the other way round; from the thread that did it, so that it
     *     may be different again by then
     */
    Ledger(int loops, Consumer<Key> onChange) {
        this.loops = loops;
        this.onChange = onChange;
        this.everything = new Key(null, loops, 0);
    }

    Key acquire(String name) {
        boolean first;
        Key key;
        lock.lock();
        try {
            // a new key begins where none has been, so that an offset of an earlier one is recognised
            key = keys.computeIfAbsent(name, n -> new Key(n, loops, highestOffset));
            first = key.hold();
            held.addAndGet(first ? 1 : 0);
        } finally {
            lock.unlock();
        }
        if (first) {
            onChange.accept(key);
        }
        return key;
    }

    Key acquireEverything() {
        boolean first;
        lock.lock();
        try {
            first = everything.hold();
        } finally {
            lock.unlock();
        }
        if (first) {
            onChange.accept(everything);
        }
        return everything;
    }

    void release(Key key) {
        boolean last;
        lock.lock();
        try {
            last = key.letGo();
            held.addAndGet(last && !key.isEverything() ? -1 : 0);
        } finally {
            lock.unlock();
        }
        if (last) {
            onChange.accept(key);
        }
    }

    /** Forgets a key that nobody holds. */
    void forget(Key key) {
        lock.lock();
        try {
            if (!key.isHeld()) {
                keys.remove(requireNonNull(key.name()), key);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The key of this name, if somebody holds it or did a moment ago. */
    @Nullable
    Key get(String name) {
        return keys.get(name);
    }

    /** Whether no key is held, or was a moment ago. */
    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Whether somebody holds everything. */
    boolean isEverythingWanted() {
        return everything.isHeld();
    }

    Key everything() {
        return everything;
    }

    /** All that are held or were a moment ago, but for the one that stands for everything. */
    Collection<Key> keys() {
        return keys.values();
    }

    /** How many keys are held. */
    int held() {
        return held.get();
    }

    /** Notes how far offsets have come. From one thread. */
    void reached(long offset) {
        highestOffset = Math.max(highestOffset, offset);
    }
}
