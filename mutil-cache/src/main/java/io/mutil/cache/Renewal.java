package io.mutil.cache;

import java.io.IOException;
import java.util.Arrays;

/**
 * New metadata and times for an entry in its place. Metadata that did not change stay; others go where those that hold do not
 * lie, and the slot that is written is the one that does not hold.
 */
final class Renewal {
    private final Slot before;
    private final Slot after;
    private final byte[] meta;
    private final boolean same;

    Renewal(EntryReader.Entry entry, byte[] meta, Meta times) {
        this.meta = meta;
        before = entry.slot();
        same = Arrays.equals(meta, entry.meta());
        after = before.renewed(times, offset(), meta.length, Slot.crc(meta, 0, meta.length));
    }

    private int offset() {
        if (same) {
            return before.metaOffset();
        }
        return meta.length <= before.metaOffset() ? 0 : before.metaOffset() + before.metaLength();
    }

    /**
     * Writes it.
     *
     * @return how long the file is at least, or -1 if another process has changed or deleted it since
     */
    long write(Folder folder, String file) throws IOException {
        try (Folder.Handle handle = folder.openToWrite(file)) {
            if (!isStillThere(folder, file, handle)) {
                return -1;
            }
            if (!same) {
                handle.write(meta, 0, meta.length, after.metaAt());
            }
            handle.write(after.bytes(), 0, Slot.BYTES, after.position());
        }
        return Math.max(before.end(), after.end());
    }

    /** To open a file that is gone made an empty one. One that another takes the place of from now on is not the one written. */
    private boolean isStillThere(Folder folder, String file, Folder.Handle handle) throws IOException {
        byte[] header = new byte[Slot.HEADER];
        int length = handle.read(header, 0, header.length, 0);
        if (length <= 0) {
            folder.delete(file);
            return false;
        }
        return Slot.read(before.kind(), header, length)[0].equals(before);
    }
}
