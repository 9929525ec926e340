package io.mutil.cache;

import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The names of temporary files, and what becomes of those whose writer is gone. */
final class Temporaries {
    private static final String PREFIX = ".mutil-";
    private static final String SUFFIX = ".tmp";
    private static final String OWN = PREFIX + UUID.randomUUID() + "-";
    /** Those of this process that somebody writes. */
    private static final Set<String> ALIVE = ConcurrentHashMap.newKeySet();

    private static final AtomicLong COUNT = new AtomicLong();
    private static final long OLD = TimeUnit.MINUTES.toMicros(1);
    private static final long OLD_WHERE_NOTHING_LOCKS = TimeUnit.DAYS.toMicros(1);

    private Temporaries() {}

    /** A new one, alive until it {@linkplain #ended ended}. */
    static String next() {
        String name = OWN + COUNT.incrementAndGet() + SUFFIX;
        ALIVE.add(name);
        return name;
    }

    /** Nobody writes it any more. If it is there all the same, {@link #sweep} takes it. */
    static void ended(String name) {
        ALIVE.remove(name);
    }

    static boolean isOne(String name) {
        return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
    }

    /** Locks a file, for others to see; null where that is not possible. */
    static @Nullable Closeable markAlive(Folder.Handle file) {
        try {
            return file.tryLock(0);
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Deletes a temporary file if nobody alive writes it; one of another process only if it is older than a minute.
     *
     * @param now microseconds since the epoch
     */
    static void sweep(Folder folder, String name, long now) throws IOException {
        if (name.startsWith(OWN)) {
            // to open one that is alive would end its lock when it is closed again
            if (!ALIVE.contains(name)) {
                folder.delete(name);
            }
            return;
        }
        Folder.Facts facts = folder.facts(name);
        long age = now - facts.modified();
        if (facts.regular() && age > OLD && isAbandoned(folder, name, age)) {
            folder.delete(name);
        }
    }

    private static boolean isAbandoned(Folder folder, String name, long age) {
        try (Folder.Handle file = folder.openToWrite(name);
                Closeable lock = file.tryLock(0)) {
            return lock != null;
        } catch (IOException e) {
            return age > OLD_WHERE_NOTHING_LOCKS;
        }
    }
}
