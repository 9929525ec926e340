package io.mutil.wproxy;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts how many subscribers hold each key. Safe for many threads.
 *
 * <p>A key is known from when it is first held until it is forgotten, some time after nobody holds it any more. The next
 * key of its name is another object, so that nothing meant for the one reaches the other.
 */
final class Ledger {
    /** No key of a client can be empty, so this is the name of the one that stands for everything. */
    private static final String EVERYTHING = "";

    private final ReentrantLock lock = new ReentrantLock();
    /** Changed under the lock, looked into without. */
    private final ConcurrentHashMap<String, Key> known = new ConcurrentHashMap<>();

    private final int loops;
    private final Consumer<Key> onChange;
    private final AtomicInteger named = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private volatile long highestOffset;

    /**
     * @param loops how many event loops there are
     * @param onChange gets a key that is held and was not, or the other way round; from the thread that did it, so that it
     *     may be different again by then
     */
    Ledger(int loops, Consumer<Key> onChange) {
        this.loops = loops;
        this.onChange = onChange;
    }

    /** Holds the key of this name, which is not empty. */
    Key acquire(String name) {
        boolean first;
        Key key;
        lock.lock();
        try {
            key = known.computeIfAbsent(name, this::newKey);
            first = key.hold();
            held.addAndGet(first && !key.isEverything() ? 1 : 0);
        } finally {
            lock.unlock();
        }
        if (first) {
            onChange.accept(key);
        }
        return key;
    }

    /** A new key begins where none has been, so that an offset of an earlier one is recognised. */
    private Key newKey(String name) {
        if (name.equals(EVERYTHING)) {
            return new Key(null, loops, highestOffset);
        }
        named.incrementAndGet();
        return new Key(name, loops, highestOffset);
    }

    Key acquireEverything() {
        return acquire(EVERYTHING);
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

    /** Forgets a key, unless somebody holds it. */
    boolean forget(Key key) {
        lock.lock();
        try {
            boolean forgotten = !key.isHeld() && known.remove(nameOf(key), key);
            named.addAndGet(forgotten && !key.isEverything() ? -1 : 0);
            return forgotten;
        } finally {
            lock.unlock();
        }
    }

    private static String nameOf(Key key) {
        String name = key.name();
        return name == null ? EVERYTHING : name;
    }

    /** The key of this name, if it is known. */
    @Nullable
    Key get(String name) {
        return name.isEmpty() ? null : known.get(name);
    }

    /** The key that stands for everything, if it is known. */
    @Nullable
    Key everything() {
        return known.get(EVERYTHING);
    }

    /** The same, as a list of one, or of none. */
    List<Key> everythingIfKnown() {
        Key everything = everything();
        return everything == null ? List.of() : List.of(everything);
    }

    /** How many keys with names are known: held, or a moment ago. */
    int names() {
        return named.get();
    }

    /** Whether a key with a name is known. */
    boolean hasNames() {
        return named.get() > 0;
    }

    /** All that are known. */
    Collection<Key> keys() {
        return known.values();
    }

    /** How many keys with a name are held. */
    int held() {
        return held.get();
    }

    /** Notes how far offsets have come. From one thread at a time. */
    void reached(long offset) {
        highestOffset = Math.max(highestOffset, offset);
    }
}
