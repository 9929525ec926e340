package io.mutil.cache;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.zip.CRC32C;

/** A body that is read from its file, as often as somebody opens it while the file is there. */
final class FileBody implements Body.OnDisk {
    private final EntryReader reader;
    private final String name;
    private final Slot slot;
    private final Meta meta;
    private final Runnable onDamage;

    /** Runs {@code onDamage} when a reader finds that the body is not what it was. */
    FileBody(EntryReader reader, String name, Slot slot, Meta meta, Runnable onDamage) {
        this.reader = reader;
        this.name = name;
        this.slot = slot;
        this.meta = meta;
        this.onDamage = onDamage;
    }

    Slot slot() {
        return slot;
    }

    @Override
    public long length() {
        return slot.bodyLength();
    }

    @Override
    public InputStream open() throws IOException {
        Folder.Handle file;
        try {
            file = reader.open(name);
        } catch (NoSuchFileException e) {
            throw new IOException("the stored answer was removed before its body was opened; fetch it again", e);
        }
        try {
            ensureSame(file);
            return new Checked(file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** An entry of the same name may have taken the place, of another user too. */
    private void ensureSame(Folder.Handle file) throws IOException {
        EntryReader.Entry there = reader.read(file, -1);
        if (!there.slot().sameBody(slot) || !Owner.isSame(meta, MetaBytes.read(name, there))) {
            throw new IOException("the stored answer was replaced before its body was opened; fetch it again");
        }
    }

    /** Gives the last bytes only when all of them are right. */
    private final class Checked extends InputStream {
        private final Folder.Handle file;
        private final CRC32C crc = new CRC32C();
        private long position;
        private boolean closed;

        Checked(Folder.Handle file) {
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
            Objects.checkFromIndexSize(offset, count, into.length);
            if (closed) {
                throw new IOException("this stream is closed");
            }
            if (count == 0) {
                return 0;
            }
            if (position == length()) {
                return atEnd();
            }
            int read = file.read(into, offset, (int) Math.min(count, length() - position), Slot.HEADER + position);
            if (read <= 0) {
                throw damaged();
            }
            crc.update(into, offset, read);
            position += read;
            ensureRightAtEnd();
            return read;
        }

        private int atEnd() throws IOException {
            ensureRightAtEnd();
            return -1;
        }

        private void ensureRightAtEnd() throws IOException {
            if (position == length() && (int) crc.getValue() != slot.bodyCrc()) {
                throw damaged();
            }
        }

        private IOException damaged() {
            onDamage.run();
            return new IOException("the stored body is damaged at or before byte " + position
                    + "; discard what was read and fetch it again");
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, length() - position);
        }

        @Override
        public void close() throws IOException {
            closed = true;
            file.close();
        }
    }
}
