package io.mutil.cache;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One file for each entry, and nothing besides that could disagree with the files.
 *
 * <p>An entry appears by a rename of a file that is complete and on the disk. What cannot be read is a miss; what cannot be
 * written is not kept, and for a while after that no write is tried.
 *
 * <p>Several processes may share a directory. Each looks at the file itself on every hit and every miss, so it sees at once what
 * another one stored, replaced or removed. Bounds are kept by each for what it knows of: once a minute, when it stores
 * something, a process looks for files that others have stored, and before it evicts a file whether others have used it.
 */
final class FileDisk implements DiskTier {
    private static final long SCAN_EVERY = TimeUnit.MINUTES.toNanos(1);

    private final Folder folder;
    private final EntryReader reader;
    private final Index index;
    private final Health health;
    private final ProcessLocks locks;
    private final LongSupplier nanoTime;
    private final LongSupplier millis;
    private final Removals removals;
    private final AtomicBoolean scanning = new AtomicBoolean();
    private volatile long scannedAt;
    private volatile boolean scanned;
    private volatile boolean opened;
    private volatile boolean closed;

    /** Opens a directory, or one that can be opened later: a disk that fails does not throw. */
    static FileDisk open(Path directory, long maxBytes, long maxEntries, Threads threads) {
        return new FileDisk(
                new NioFolder(directory),
                new Index(maxBytes, maxEntries),
                threads,
                System::nanoTime,
                System::currentTimeMillis);
    }

    FileDisk(Folder folder, Index index, Threads threads, LongSupplier nanoTime, LongSupplier millis) {
        this.folder = folder;
        this.index = index;
        this.nanoTime = nanoTime;
        this.millis = millis;
        reader = new EntryReader(folder, Slot.Kind.ANSWER);
        health = new Health(folder, nanoTime);
        removals = new Removals(folder, reader, index, health, millis);
        locks = new ProcessLocks(folder, threads, nanoTime);
        ensureOpen();
    }

    /** Makes the directory and looks what is in it, unless that was done. */
    private boolean ensureOpen() {
        if (scanned && !removals.isManyDoomed()) {
            if (!locks.isShared()) {
                locks.open();
            }
            return true;
        }
        try {
            folder.create();
            locks.open();
            scan();
            return true;
        } catch (IOException e) {
            failed(e);
            return false;
        }
    }

    /** One thread does it; others that come meanwhile go on. */
    private void scan() throws IOException {
        if (!scanning.compareAndSet(false, true)) {
            return;
        }
        try {
            removals.retry();
            long failures = new Scan(folder, reader, index, removals::dropDamaged)
                    .run(TimeUnit.MILLISECONDS.toMicros(millis.getAsLong()));
            for (long i = 0; i < failures; i++) {
                health.countFailure();
            }
            removals.forgetDoomed();
            scannedAt = nanoTime.getAsLong();
            scanned = true;
            opened = true;
        } finally {
            scanning.set(false);
        }
        removals.evict();
    }

    // ---- looking up

    @Override
    public @Nullable Held get(EntryName name, long wholeUpTo) {
        String file = name.fileName();
        if (closed) {
            return null;
        }
        try {
            EntryReader.Entry entry = reader.read(file, wholeUpTo);
            if (removals.isDoomed(file, entry.slot())) {
                return null;
            }
            Meta meta = MetaBytes.read(file, entry);
            used(file, entry.slot().end());
            byte[] bytes = entry.body();
            return new Held(meta, bytes == null ? body(file, entry.slot(), meta) : new Body.InMemory(bytes));
        } catch (NoSuchFileException e) {
            index.remove(file);
        } catch (DamagedException e) {
            if (e.ours()) {
                removals.dropDamaged(file);
            }
        } catch (IOException e) {
            health.countFailure();
        }
        return null;
    }

    Body body(String file, Slot slot, Meta meta) {
        return new FileBody(reader, file, slot, meta, () -> removals.dropDamaged(file, slot));
    }

    private void used(String file, long size) {
        long toSave = index.used(file, size, millis.getAsLong());
        if (toSave > 0 && health.mayWrite()) {
            try {
                folder.setModified(file, toSave);
            } catch (NoSuchFileException e) {
                // Another process has deleted it. The next one who asks finds that out.
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    // ---- storing

    @Override
    public @Nullable Sink begin(EntryName name) {
        if (closed || !health.mayWrite() || !ensureOpen()) {
            return null;
        }
        if (!folder.canName(name.fileName())) {
            health.countFailure();
            return null;
        }
        try {
            return new FileSink(this, name, EntryWriter.begin(folder), index.maxBytes() - Slot.HEADER);
        } catch (IOException e) {
            scanned = false; // perhaps somebody deleted the directory
            failed(e);
            return null;
        }
    }

    /** Gives a file that is written its name; false if it may not have it. */
    boolean place(EntryName name, EntryWriter writer, long size) throws IOException {
        String file = name.fileName();
        if (closed || !mayReplace(file)) {
            return false;
        }
        long now = index.nextUse(millis.getAsLong());
        long deletions = removals.deletions();
        writer.placeAs(file, now);
        index.put(new Index.Use(file, size, now));
        removals.placed(file, deletions);
        health.succeeded();
        afterwards(name);
        return true;
    }

    /** What is no file of ours, or cannot be looked at, stays; that says nothing about the next write. */
    private boolean mayReplace(String file) {
        try {
            if (!reader.isForeign(file)) {
                return true;
            }
        } catch (IOException e) {
            // such as a directory
        }
        health.countFailure();
        return false;
    }

    /** The entry is in its place; whatever fails now, it stays there. */
    private void afterwards(EntryName name) {
        try {
            folder.sync();
        } catch (IOException e) {
            failed(e);
        }
        index.olderSiblings(name).forEach(removals::remove);
        if (nanoTime.getAsLong() - scannedAt >= SCAN_EVERY) {
            try {
                scan();
            } catch (IOException e) {
                failed(e);
            }
        }
        removals.evict();
    }

    void failed(IOException e) {
        health.failed(e);
    }

    // ---- changing

    @Override
    public boolean renew(EntryName name, Held known, Meta meta) {
        String file = name.fileName();
        if (closed || !health.mayWrite()) {
            return false;
        }
        try {
            EntryReader.Entry entry = reader.read(file, -1);
            boolean isKnown = !removals.isDoomed(file, entry.slot())
                    && Owner.isSame(known.meta(), MetaBytes.read(file, entry))
                    && isBodyOf(known, entry.slot());
            return isKnown && renew(file, entry, meta);
        } catch (NoSuchFileException e) {
            index.remove(file);
        } catch (DamagedException e) {
            if (e.ours()) {
                removals.dropDamaged(file);
            }
        } catch (IOException e) {
            failed(e);
        }
        return false;
    }

    private static boolean isBodyOf(Held known, Slot slot) {
        if (known.body() instanceof Body.InMemory body) {
            byte[] bytes = body.bytes();
            return bytes.length == slot.bodyLength() && Slot.crc(bytes, 0, bytes.length) == slot.bodyCrc();
        }
        return known.body() instanceof FileBody body && body.slot().sameBody(slot);
    }

    private boolean renew(String file, EntryReader.Entry entry, Meta meta) throws IOException {
        byte[] bytes = MetaBytes.of(file, meta);
        if (bytes.length > Slot.MAX_META) {
            return false;
        }
        long size = new Renewal(entry, bytes, meta).write(folder, file);
        if (size < 0) {
            return false;
        }
        long now = index.nextUse(millis.getAsLong());
        folder.setModified(file, now);
        index.put(new Index.Use(file, size, now));
        health.succeeded();
        return true;
    }

    @Override
    public List<EntryName> olderSiblings(EntryName name) {
        return index.olderSiblings(name).stream()
                .map(file -> new EntryName(file, name.family()))
                .sorted((one, other) -> one.isAfter(other.fileName()) ? -1 : other.isAfter(one.fileName()) ? 1 : 0)
                .toList();
    }

    @Override
    public void remove(EntryName name) {
        if (closed) {
            return;
        }
        if (opened) {
            // within a pause too: a full disk lets go, and other processes must not find it
            removals.remove(name.fileName());
        } else {
            removals.doom(name.fileName());
        }
    }

    @Override
    public void clear() {
        if (!closed) {
            removals.clear();
        }
    }

    @Override
    public CompletableFuture<Lease> lock(EntryName name, Duration atMost) {
        return locks.lock(name.fileName(), atMost);
    }

    // ---- the whole

    @Override
    public DiskStats stats() {
        return new DiskStats(index.bytes(), index.entries(), removals.evicted(), removals.damaged(), health.failures());
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        locks.close();
        for (Index.Use use : index.unsaved()) {
            try {
                folder.setModified(use.name(), use.usedAt());
            } catch (NoSuchFileException e) {
                // another process has deleted it
            } catch (IOException e) {
                return; // the order is a little older, no more
            }
        }
    }

    @Override
    public String toString() {
        return "FileDisk[" + folder + ", " + index.entries() + " entries, " + index.bytes() + " bytes]";
    }
}
