package io.mutil.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What files there are, least recently used first, and how much of them is too much.
 *
 * <p>The order outlives the process as the times of last change of the files. A use is written there when the last one that was
 * written is a minute old, and the rest when the directory is closed; after a crash the order is right to a minute.
 *
 * <p>Times of use are microseconds since the epoch that never stand still, so that no two are equal; a clock that goes back does
 * not turn the order around.
 */
final class Index {
    private static final long SAVE_AFTER = TimeUnit.MINUTES.toMicros(1);

    private final long maxBytes;
    private final long maxEntries;
    private final ReentrantLock lock = new ReentrantLock();
    // all below with the lock
    private final LinkedHashMap<String, Item> items = new LinkedHashMap<>();
    private final NavigableSet<String> dated = new TreeSet<>();
    private long bytes;
    private long lastUse;

    /** A file. */
    private static final class Item {
        private long size;
        private long usedAt;
        /** What the file itself says. */
        private long savedAt;
    }

    /**
     * A file and when it was used.
     *
     * @param usedAt microseconds since the epoch
     */
    record Use(String name, long size, long usedAt) {}

    Index(long maxBytes, long maxEntries) {
        this.maxBytes = maxBytes;
        this.maxEntries = maxEntries;
    }

    long maxBytes() {
        return maxBytes;
    }

    /** The time of a use that happens now. */
    long nextUse(long nowMillis) {
        lock.lock();
        try {
            return next(nowMillis);
        } finally {
            lock.unlock();
        }
    }

    private long next(long nowMillis) {
        lastUse = Math.max(lastUse + 1, TimeUnit.MILLISECONDS.toMicros(nowMillis));
        return lastUse;
    }

    /** Adds a file, or changes one; it is the last that was used, and the file says so. */
    void put(Use use) {
        lock.lock();
        try {
            set(use.name(), use.size(), use.usedAt()).savedAt = use.usedAt();
        } finally {
            lock.unlock();
        }
    }

    /** Adds a file that was found, unless it is known. */
    void found(Use use) {
        lock.lock();
        try {
            if (!items.containsKey(use.name())) {
                set(use.name(), use.size(), use.usedAt()).savedAt = use.usedAt();
                lastUse = Math.max(lastUse, use.usedAt());
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Counts a use of a file, known or not.
     *
     * @return the time that should be written to the file, or 0 if that can wait
     */
    long used(String name, long size, long nowMillis) {
        lock.lock();
        try {
            Item item = set(name, size, next(nowMillis));
            if (item.usedAt - item.savedAt < SAVE_AFTER) {
                return 0;
            }
            item.savedAt = item.usedAt;
            return item.usedAt;
        } finally {
            lock.unlock();
        }
    }

    /** Counts a use, or a change of size, that no file tells before {@link #unsaved} is called. */
    void noted(String name, long size, long nowMillis) {
        lock.lock();
        try {
            set(name, size, next(nowMillis));
        } finally {
            lock.unlock();
        }
    }

    /** The same for a file whose size is known; does nothing if it is not. */
    void noted(String name, long nowMillis) {
        lock.lock();
        try {
            Item item = items.get(name);
            if (item != null) {
                set(name, item.size, next(nowMillis));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes it out and puts it in again, behind all others. */
    private Item set(String name, long size, long usedAt) {
        Item item = items.remove(name);
        if (item == null) {
            item = new Item();
            if (EntryName.isDated(name)) {
                dated.add(name);
            }
        }
        items.put(name, item);
        bytes += size - item.size;
        item.size = size;
        item.usedAt = usedAt;
        return item;
    }

    /** Whether a file is known. */
    boolean contains(String name) {
        lock.lock();
        try {
            return items.containsKey(name);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a file; false if it was not known. */
    boolean remove(String name) {
        lock.lock();
        try {
            Item item = items.remove(name);
            dated.remove(name);
            bytes -= item == null ? 0 : item.size;
            return item != null;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a file unless it was put or used since. */
    void removeUnlessUsedSince(Use use) {
        lock.lock();
        try {
            Item item = items.get(use.name());
            if (item != null && item.usedAt == use.usedAt()) {
                remove(use.name());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes out the file that was not used for longest, if there is too much; gives what the file says of its last use. */
    @Nullable
    Use pollIfTooMuch() {
        lock.lock();
        try {
            if (bytes <= maxBytes && items.size() <= maxEntries) {
                return null;
            }
            Map.Entry<String, Item> eldest = items.entrySet().iterator().next();
            var victim = new Use(eldest.getKey(), eldest.getValue().size, eldest.getValue().savedAt);
            remove(victim.name());
            return victim;
        } finally {
            lock.unlock();
        }
    }

    /** The files of the same family that are older. */
    List<String> olderSiblings(EntryName name) {
        if (name.family() == null) {
            return List.of();
        }
        lock.lock();
        try {
            // '.' comes next after '-'
            return dated.subSet(name.family() + "-", name.family() + ".").stream()
                    .filter(name::isAfter)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** All files. */
    Map<String, Use> all() {
        lock.lock();
        try {
            var all = new HashMap<String, Use>(items.size() * 2);
            items.forEach((name, item) -> all.put(name, new Use(name, item.size, item.usedAt)));
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** The uses that no file tells yet, oldest first; from now on they count as written. */
    List<Use> unsaved() {
        lock.lock();
        try {
            var unsaved = new ArrayList<Use>();
            items.forEach((name, item) -> {
                if (item.usedAt != item.savedAt) {
                    item.savedAt = item.usedAt;
                    unsaved.add(new Use(name, item.size, item.usedAt));
                }
            });
            return unsaved;
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    long entries() {
        lock.lock();
        try {
            return items.size();
        } finally {
            lock.unlock();
        }
    }
}
