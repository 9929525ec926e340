package io.mutil.cache;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A file that is written under a temporary name. Not thread-safe. */
final class EntryWriter {
    private static final int COPY = 8 << 10;

    private final Folder folder;
    private final String temporary;
    private final Folder.Handle file;
    // Held as long as the file is open: it says that somebody is alive who writes.
    private final @Nullable Closeable alive;
    private final CRC32C crc = new CRC32C();
    private long length;

    private EntryWriter(Folder folder, String temporary, Folder.Handle file, @Nullable Closeable alive) {
        this.folder = folder;
        this.temporary = temporary;
        this.file = file;
        this.alive = alive;
    }

    static EntryWriter begin(Folder folder) throws IOException {
        String temporary = Temporaries.next();
        try {
            Folder.Handle file = folder.openToWrite(temporary);
            return new EntryWriter(folder, temporary, file, Temporaries.markAlive(file));
        } catch (IOException | RuntimeException | Error e) {
            Temporaries.ended(temporary);
            throw e;
        }
    }

    /** How many bytes of the body there are. */
    long length() {
        return length;
    }

    int crc() {
        return (int) crc.getValue();
    }

    /** Appends to the body what is between position and limit, and leaves those where they are. */
    void write(ByteBuffer bytes) throws IOException {
        if (bytes.hasArray()) {
            write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            return;
        }
        ByteBuffer rest = bytes.duplicate();
        byte[] copy = new byte[Math.min(COPY, rest.remaining())];
        while (rest.hasRemaining()) {
            int part = Math.min(copy.length, rest.remaining());
            rest.get(copy, 0, part);
            write(copy, 0, part);
        }
    }

    void write(byte[] bytes, int offset, int count) throws IOException {
        file.write(bytes, offset, count, Slot.HEADER + length);
        crc.update(bytes, offset, count);
        length += count;
    }

    /** Completes the file; nothing is written after that. */
    Slot finish(Slot.Kind kind, byte[] meta, long storedAt, long freshUntil, long keepUntil) throws IOException {
        var slot = new Slot(
                kind,
                1,
                0,
                meta.length,
                Slot.crc(meta, 0, meta.length),
                length,
                crc(),
                storedAt,
                freshUntil,
                keepUntil);
        file.write(meta, 0, meta.length, slot.metaAt());
        file.write(slot.header(), 0, Slot.HEADER, 0);
        file.sync();
        return slot;
    }

    /** Gives the file its name; only {@link Folder#sync} makes that last. */
    void placeAs(String name, long usedAt) throws IOException {
        folder.setModified(temporary, usedAt);
        file.close();
        folder.replace(temporary, name);
        Temporaries.ended(temporary);
    }

    /** Deletes what there is under the temporary name. What does not go now goes when somebody looks through the directory. */
    void discard() {
        try {
            file.close(); // which may fail as a write does, where writes are put off
        } catch (IOException e) {
            // nothing of it is wanted
        }
        try {
            folder.delete(temporary);
        } catch (IOException e) {
            // it goes later
        }
        Temporaries.ended(temporary);
    }

    @Override
    public String toString() {
        return temporary + (alive == null ? "" : ", locked");
    }
}
