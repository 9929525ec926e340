package io.mutil.cache;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Locks of single bytes of the file {@code locks}, against other processes and within this one.
 *
 * <p>There is one for each directory in a process: as POSIX has it, a process that closes a file loses all its locks of it,
 * through whatever descriptor it got them. A process that dies loses them too.
 */
final class LockFile {
    private static final Map<Object, LockFile> OPEN = new HashMap<>();
    private static final ReentrantLock OPEN_LOCK = new ReentrantLock();
    private static final Closeable NOTHING = () -> {};

    private final Object identity;
    private final Set<Long> held = ConcurrentHashMap.newKeySet();
    private volatile Folder.@Nullable Handle file;
    private int users; // with OPEN_LOCK

    private LockFile(Object identity) {
        this.identity = identity;
    }

    /** The one of a directory that exists; without a file if that cannot be opened, until it is asked for again. */
    static LockFile of(Folder folder) {
        // the only lock that is held while a file is opened: two opened at once would take each other's locks
        OPEN_LOCK.lock();
        try {
            Object identity = identity(folder);
            LockFile locks = OPEN.computeIfAbsent(identity, LockFile::new);
            if (locks.file != null && isGone(folder)) {
                locks.closeFile(); // nobody else sees what is locked in a file without a name
            }
            if (locks.file == null) {
                locks.file = open(folder);
            }
            locks.users++;
            return locks;
        } finally {
            OPEN_LOCK.unlock();
        }
    }

    private static Object identity(Folder folder) {
        try {
            return folder.identity();
        } catch (IOException e) {
            return folder; // shared with nobody
        }
    }

    private static boolean isGone(Folder folder) {
        try {
            folder.facts(EntryName.LOCKS);
            return false;
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Folder.@Nullable Handle open(Folder folder) {
        try {
            return folder.openToWrite(EntryName.LOCKS);
        } catch (IOException e) {
            return null;
        }
    }

    /** Whether other processes see the locks. */
    boolean isShared() {
        return file != null;
    }

    /** Locks a byte, null if another has it. Where the disk knows no locks, only this process respects it. */
    DiskTier.@Nullable Lease tryLock(long position) {
        if (!held.add(position)) {
            return null;
        }
        Closeable lock = tryLockFile(position);
        if (lock == null) {
            held.remove(position);
            return null;
        }
        var released = new AtomicBoolean();
        return () -> {
            if (released.compareAndSet(false, true)) {
                release(lock, position);
            }
        };
    }

    private @Nullable Closeable tryLockFile(long position) {
        Folder.Handle open = file;
        if (open == null) {
            return NOTHING;
        }
        try {
            return open.tryLock(position);
        } catch (IOException e) {
            return NOTHING;
        }
    }

    private void release(Closeable lock, long position) {
        try {
            lock.close();
        } catch (IOException e) {
            // It goes with the file.
        } finally {
            held.remove(position);
        }
    }

    /** One user less; the last one closes the file. */
    void close() {
        OPEN_LOCK.lock();
        try {
            users--;
            if (users > 0) {
                return;
            }
            OPEN.remove(identity);
            closeFile();
        } finally {
            OPEN_LOCK.unlock();
        }
    }

    private void closeFile() {
        try {
            Folder.Handle open = file;
            file = null;
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            // nothing was written to it
        }
    }
}
