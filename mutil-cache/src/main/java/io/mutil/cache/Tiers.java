package io.mutil.cache;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Memory over disk. */
final class Tiers {
    private final Settings settings;
    private final Judge judge;
    private final MemoryTier memory;
    private final DiskTier disk;
    private final Names names;

    Tiers(Settings settings, Judge judge, MemoryTier memory, DiskTier disk, Names names) {
        this.settings = settings;
        this.judge = judge;
        this.memory = memory;
        this.disk = disk;
        this.names = names;
    }

    MemoryTier memory() {
        return memory;
    }

    DiskTier disk() {
        return disk;
    }

    Names names() {
        return names;
    }

    EntryName name(Key key, Options options, long instant) {
        return names.of(key, judge.freshness(options), instant);
    }

    /** The newest there is in either tier, due or not; null if there is none that is of use. */
    @Nullable
    Found newest(Key key, Options options, long now) {
        Held inMemory = inMemory(key, now);
        if (inMemory != null && judge.isFresh(inMemory.meta(), options, now)) {
            return new Found(inMemory, Source.MEMORY);
        }
        Held onDisk = onDisk(key, options, now);
        if (onDisk != null
                && (inMemory == null
                        || inMemory.meta().storedAt() < onDisk.meta().storedAt())) {
            return new Found(onDisk, Source.DISK);
        }
        return inMemory == null ? null : new Found(inMemory, Source.MEMORY);
    }

    @Nullable
    Held inMemory(Key key, long now) {
        Held held = memory.get(key);
        return held == null || isOfUse(held, now) ? held : null;
    }

    /** The disk alone, of this period or else the last one before; what is small goes to memory. */
    private @Nullable Held onDisk(Key key, Options options, long now) {
        long epoch = memory.epoch();
        EntryName name = name(key, options, now);
        Held held = read(key, name, now);
        if (held == null) {
            held = before(key, name, now);
        }
        if (held != null) {
            memory.put(key, held, epoch);
        }
        return held;
    }

    private @Nullable Held before(Key key, EntryName name, long now) {
        for (EntryName sibling : disk.olderSiblings(name)) {
            Held held = read(key, sibling, now);
            if (held != null) {
                return held;
            }
        }
        return null;
    }

    private @Nullable Held read(Key key, EntryName name, long now) {
        Held held = disk.get(name, settings.memoryEntry());
        return held != null && Owner.owns(names.owner(key), held.meta()) && isOfUse(held, now) ? held : null;
    }

    private static boolean isOfUse(Held held, long now) {
        return now < held.meta().keepUntil();
    }

    /** Keeps other processes from fetching the same, as {@link DiskTier#lock}. */
    CompletableFuture<DiskTier.Lease> lock(Key key, Duration atMost) {
        return disk.lock(names.lock(key), atMost);
    }

    /**
     * Under whatever file name it is found here: that of now, which another process may have stored, and those that this one knows.
     * Memory comes last, so that nobody brings back there what the disk had before.
     */
    void remove(Key key, Options options, long now) {
        EntryName plain = names.plain(key);
        EntryName current = name(key, options, now);
        disk.remove(plain);
        if (!current.fileName().equals(plain.fileName())) {
            disk.remove(current);
        }
        EntryName last = Names.last(key);
        if (last != null) {
            disk.olderSiblings(last).forEach(disk::remove);
        }
        memory.remove(key);
    }

    void clear() {
        disk.clear();
        memory.clear();
    }
}
