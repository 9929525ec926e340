package io.mutil.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An entry that arrives. */
final class FileSink implements DiskTier.Sink {
    private final FileDisk disk;
    private final EntryName name;
    private final EntryWriter writer;
    private final long maxLength;
    private boolean over;

    FileSink(FileDisk disk, EntryName name, EntryWriter writer, long maxLength) {
        this.disk = disk;
        this.name = name;
        this.writer = writer;
        this.maxLength = maxLength;
    }

    @Override
    public boolean write(ByteBuffer bytes) {
        if (over) {
            return false;
        }
        if (writer.length() + bytes.remaining() > maxLength) {
            abort();
            return false;
        }
        try {
            writer.write(bytes);
            return true;
        } catch (IOException e) {
            abort();
            disk.failed(e);
            return false;
        }
    }

    @Override
    public @Nullable Held commit(Meta meta) {
        if (over) {
            return null;
        }
        over = true;
        byte[] bytes = MetaBytes.of(name.fileName(), meta);
        if (bytes.length > Slot.MAX_META || writer.length() + bytes.length > maxLength) {
            writer.discard();
            return null;
        }
        try {
            Slot slot = writer.finish(Slot.Kind.ANSWER, bytes, meta.storedAt(), meta.freshUntil(), meta.keepUntil());
            if (!disk.place(name, writer, slot.end())) {
                writer.discard();
                return null;
            }
            return new Held(meta, disk.body(name.fileName(), slot, meta));
        } catch (IOException e) {
            writer.discard();
            disk.failed(e);
            return null;
        }
    }

    @Override
    public void abort() {
        if (!over) {
            over = true;
            writer.discard();
        }
    }
}
