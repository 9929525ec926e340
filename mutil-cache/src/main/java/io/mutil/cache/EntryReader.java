package io.mutil.cache;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** Reads files that an {@link EntryWriter} wrote. */
final class EntryReader {
    /** What one read takes. So much the JDK reads without a detour over the C heap. */
    private static final int FIRST_READ = 8 << 10;

    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final Folder folder;
    private final Slot.Kind kind;
    private final BlockingQueue<byte[]> buffers = new ArrayBlockingQueue<>(16);

    EntryReader(Folder folder, Slot.Kind kind) {
        this.folder = folder;
        this.kind = kind;
    }

    /** A file. */
    static final class Entry {
        private final Slot slot;
        private final byte[] meta;
        private final byte @Nullable [] body;

        Entry(Slot slot, byte[] meta, byte @Nullable [] body) {
            this.slot = slot;
            this.meta = meta;
            this.body = body;
        }

        Slot slot() {
            return slot;
        }

        byte[] meta() {
            return meta;
        }

        /** Null if it is larger than was wanted; then it was not checked either. */
        byte @Nullable [] body() {
            return body;
        }
    }

    /**
     * Reads a file, by one read if it is small.
     *
     * @param wholeUpTo the largest body that is wanted; -1 for none
     * @throws NoSuchFileException if there is none
     * @throws DamagedException if it is none of ours, or damaged
     */
    Entry read(String name, long wholeUpTo) throws IOException {
        try (Folder.Handle file = open(name)) {
            return read(file, wholeUpTo);
        }
    }

    /** Opens a file that is read further than its metadata. */
    Folder.Handle open(String name) throws IOException {
        return folder.openToRead(name);
    }

    /** As {@link #read(String, long)}, of an open file. */
    Entry read(Folder.Handle file, long wholeUpTo) throws IOException {
        byte[] buffer = buffers.poll();
        if (buffer == null) {
            buffer = new byte[FIRST_READ];
        }
        try {
            int available = file.read(buffer, 0, buffer.length, 0);
            return read(new Beginning(file, buffer, Math.max(available, 0)), wholeUpTo);
        } finally {
            var unused = buffers.offer(buffer);
        }
    }

    private Entry read(Beginning file, long wholeUpTo) throws IOException {
        Slot[] slots = Slot.read(kind, file.buffer, file.available);
        for (Slot slot : slots) {
            byte[] meta = file.read(slot.metaAt(), slot.metaLength());
            if (meta != null && Slot.crc(meta, 0, meta.length) == slot.metaCrc()) {
                return new Entry(slot, meta, body(file, slot, wholeUpTo));
            }
        }
        throw new DamagedException("metadata are damaged", true);
    }

    private static byte @Nullable [] body(Beginning file, Slot slot, long wholeUpTo) throws IOException {
        if (slot.bodyLength() > Math.min(wholeUpTo, LARGEST_ARRAY)) {
            return null;
        }
        byte[] body = file.read(Slot.HEADER, (int) slot.bodyLength());
        if (body == null || Slot.crc(body, 0, body.length) != slot.bodyCrc()) {
            throw new DamagedException("the body is damaged", true);
        }
        return body;
    }

    /** The header alone. */
    Slot readHeader(String name) throws IOException {
        byte[] header = new byte[Slot.HEADER];
        try (Folder.Handle file = folder.openToRead(name)) {
            return Slot.read(kind, header, file.read(header, 0, header.length, 0))[0];
        }
    }

    /**
     * Whether a file belongs to us, though it may be damaged.
     *
     * @throws NoSuchFileException if there is none
     */
    boolean isOurs(String name) throws IOException {
        byte[] header = new byte[Slot.HEADER];
        try (Folder.Handle file = folder.openToRead(name)) {
            return Slot.isOurs(kind, header, file.read(header, 0, header.length, 0));
        }
    }

    /** Whether a file is there that does not belong to us, and says something. */
    boolean isForeign(String name) throws IOException {
        byte[] header = new byte[Slot.HEADER];
        try (Folder.Handle file = folder.openToRead(name)) {
            int length = file.read(header, 0, header.length, 0);
            return !Slot.isOurs(kind, header, length) && !Slot.isBlank(header, length);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** An open file, of which the beginning was read. */
    private static final class Beginning {
        private final Folder.Handle file;
        private final byte[] buffer;
        private final int available;

        Beginning(Folder.Handle file, byte[] buffer, int available) {
            this.file = file;
            this.buffer = buffer;
            this.available = available;
        }

        /** A part of it; null if the file ends before. */
        byte @Nullable [] read(long from, int length) throws IOException {
            byte[] bytes = new byte[length];
            int had = (int) Math.max(0, Math.min(available - from, length));
            if (had > 0) {
                System.arraycopy(buffer, (int) from, bytes, 0, had);
            }
            while (had < length) {
                int more = file.read(bytes, had, length - had, from + had);
                if (more <= 0) {
                    return null;
                }
                had += more;
            }
            return bytes;
        }
    }
}
