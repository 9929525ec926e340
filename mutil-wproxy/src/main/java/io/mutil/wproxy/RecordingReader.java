package io.mutil.wproxy;

import io.mutil.codec.FrameTooLargeException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a recording from its beginning to the end that it had when this was opened. For one thread. */
final class RecordingReader implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(RecordingReader.class.getName());
    private static final int LARGEST_HEAD = 4 << 10;
    private static final long BEYOND_ALL = Long.MAX_VALUE;

    private final Path path;
    private final InputStream in;
    private final long size;
    private long position;

    /**
     * One frame behind the first.
     *
     * @param nanos since the recording began
     */
    record Entry(byte kind, long nanos, ByteBuf body) {
        /** Whether it is more than a note about the connection. */
        boolean isForReceivers() {
            return kind == Recording.TEXT
                    || kind == Recording.BINARY
                    || kind == Recording.MISSING
                    || kind == Recording.GAP;
        }

        boolean isSound() {
            return switch (kind) {
                case Recording.MISSING -> body.readableBytes() >= 8 && body.getLongLE(body.readerIndex()) > 0;
                case Recording.GAP ->
                    body.readableBytes() >= 9 && body.getLongLE(body.readerIndex()) >= Notices.UNKNOWN;
                default -> true;
            };
        }
    }

    private RecordingReader(Path path, InputStream in, long size) {
        this.path = path;
        this.in = in;
        this.size = size;
    }

    /** @throws IOException if there is no such file, or it is no recording that this program can read */
    static RecordingReader open(Path path) throws IOException {
        InputStream in = stream(path);
        try {
            var reader = new RecordingReader(path, in, Files.size(path));
            reader.readHead();
            return reader;
        } catch (Throwable e) {
            in.close();
            throw e;
        }
    }

    private static InputStream stream(Path path) throws IOException {
        try {
            if (Files.isDirectory(path)) {
                // which some systems let one open, and not read
                throw new FileSystemException(path.toString());
            }
            return new BufferedInputStream(Files.newInputStream(path), 64 << 10);
        } catch (IOException e) {
            throw FileProblem.reading(path, e);
        }
    }

    private void readHead() throws IOException {
        long length = readLength();
        String problem = length > Math.min(LARGEST_HEAD, size - position)
                ? Recording.NOT_ONE
                : Recording.problem(in.readNBytes((int) length));
        if (problem != null) {
            throw new IOException(path + " " + problem);
        }
        position += length;
    }

    /** Zero if there is none any more, and beyond all if it cannot be one. */
    private long readLength() throws IOException {
        byte[] header = in.readNBytes(Recording.FRAMES.headerBytes());
        position += header.length;
        try {
            return Math.max(0, Recording.FRAMES.readHeader(Unpooled.wrappedBuffer(header)));
        } catch (FrameTooLargeException e) {
            return BEYOND_ALL;
        }
    }

    /** The next entry; null at the end. What cannot be read is reported and taken for the end. */
    @Nullable
    Entry next() throws IOException {
        long from = position;
        if (from >= size) {
            return null;
        }
        long length = readLength();
        if (length == BEYOND_ALL) {
            return damaged(from);
        }
        if (length > size - position || size - from < Recording.FRAMES.headerBytes()) {
            LOGGER.log(
                    Level.WARNING,
                    () -> "recording " + path + " ends within an entry, as after a crash; its last " + (size - from)
                            + " bytes are ignored");
            return null;
        }
        Entry entry = length < Recording.HEADER ? null : readEntry((int) length);
        return entry == null || !entry.isSound() ? damaged(from) : entry;
    }

    private @Nullable Entry damaged(long at) {
        LOGGER.log(
                Level.WARNING,
                () -> "recording " + path + " is damaged at byte " + at + "; from there on it is ignored");
        return null;
    }

    private Entry readEntry(int length) throws IOException {
        ByteBuf bytes = Unpooled.wrappedBuffer(in.readNBytes(length));
        if (bytes.readableBytes() < length) {
            throw new EOFException(
                    path + " has become shorter since it was opened; leave it as it is while it is played");
        }
        position += length;
        return new Entry(bytes.readByte(), bytes.readLongLE(), bytes);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
