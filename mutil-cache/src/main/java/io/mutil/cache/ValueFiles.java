package io.mutil.cache;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** The values of a {@link PersistentMap} as files, which belong to one process at a time. */
final class ValueFiles implements AutoCloseable {
    private static final long WHOLE_DIRECTORY = 0;

    private final Folder folder;
    private final EntryReader reader;
    private final LongSupplier millis;
    private final LockFile locks;
    private final DiskTier.Lease lease;
    private final LongAdder damaged = new LongAdder();

    /**
     * Opens the directory, which is made if it is not there.
     *
     * @throws IOException if it cannot be written to, or another process or map has it
     */
    static ValueFiles open(Folder folder, LongSupplier millis) throws IOException {
        folder.create();
        LockFile locks = LockFile.of(folder);
        boolean opened = locks.isShared();
        DiskTier.Lease lease = opened ? locks.tryLock(WHOLE_DIRECTORY) : null;
        if (lease == null) {
            locks.close();
            throw new IOException(
                    opened
                            ? folder + " is in use by another map or process; close that one, or open another directory"
                            : "cannot write to " + folder + "; check its permissions and whether the disk is full");
        }
        return new ValueFiles(folder, millis, locks, lease);
    }

    private ValueFiles(Folder folder, LongSupplier millis, LockFile locks, DiskTier.Lease lease) {
        this.folder = folder;
        this.millis = millis;
        this.locks = locks;
        this.lease = lease;
        reader = new EntryReader(folder, Slot.Kind.VALUE);
    }

    /** What is there, each key as the name of a use, least recently used first. Values are not read. */
    List<Index.Use> list() throws IOException {
        var found = new ArrayList<Index.Use>();
        for (String name : folder.names()) {
            if (Temporaries.isOne(name)) {
                Temporaries.sweep(folder, name, TimeUnit.MILLISECONDS.toMicros(millis.getAsLong()));
            } else if (KeyNames.isOne(name)) {
                look(name, found);
            }
        }
        found.sort(Comparator.comparingLong(Index.Use::usedAt).thenComparing(Index.Use::name));
        return found;
    }

    private void look(String name, List<Index.Use> found) throws IOException {
        Folder.Facts facts = folder.facts(name);
        if (!facts.regular()) {
            return;
        }
        try {
            if (facts.size() < reader.readHeader(name).end()) {
                throw new DamagedException("shorter than the header says", true);
            }
            String plain = KeyNames.plainKey(name);
            String key = plain == null ? KeyNames.key(reader.read(name, -1).meta()) : plain;
            if (KeyNames.fileName(KeyNames.meta(key)).equals(name)) {
                found.add(new Index.Use(key, facts.size(), facts.modified()));
            }
        } catch (DamagedException e) {
            dropDamaged(name, e);
        }
    }

    private void dropDamaged(String name, DamagedException e) throws IOException {
        if (e.ours()) {
            damaged.increment();
            folder.delete(name);
        }
    }

    /**
     * Reads a value.
     *
     * @throws NoSuchFileException if there is none
     * @throws DamagedException if it cannot be trusted
     */
    byte[] read(String key) throws IOException {
        byte[] meta = KeyNames.meta(key);
        String name = KeyNames.fileName(meta);
        try {
            EntryReader.Entry entry = reader.read(name, Long.MAX_VALUE);
            byte[] value = entry.body();
            if (value == null || !Arrays.equals(entry.meta(), meta)) {
                throw new DamagedException("the value of another key", false);
            }
            return value;
        } catch (DamagedException e) {
            damaged.increment();
            throw e;
        }
    }

    /** How large the file of a value is. */
    static long size(byte[] meta, byte[] value) {
        return Slot.HEADER + (long) meta.length + value.length;
    }

    /** Puts a value in its place, and waits until a loss of power leaves it there. */
    void write(String key, byte[] value, long usedAt) throws IOException {
        byte[] meta = KeyNames.meta(key);
        String name = KeyNames.fileName(meta);
        if (reader.isForeign(name)) {
            throw new IOException("a file of its name is there and is none of this map; move it out of " + folder);
        }
        EntryWriter writer = EntryWriter.begin(folder);
        try {
            writer.write(value, 0, value.length);
            writer.finish(Slot.Kind.VALUE, meta, 0, 0, 0);
            writer.placeAs(name, usedAt);
        } catch (IOException | RuntimeException | Error e) {
            writer.discard();
            throw e;
        }
        folder.sync();
    }

    /** Removes a value, and waits until a loss of power does not bring it back. */
    void delete(String key) throws IOException {
        String name = KeyNames.fileName(KeyNames.meta(key));
        if (!reader.isForeign(name)) {
            folder.delete(name);
            folder.sync();
        }
    }

    /** Tells a file when it was used. */
    void setUsed(Index.Use use) throws IOException {
        folder.setModified(KeyNames.fileName(KeyNames.meta(use.name())), use.usedAt());
    }

    long damaged() {
        return damaged.sum();
    }

    @Override
    public void close() {
        lease.close();
        locks.close();
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
