package io.mutil.pipe;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** Bytes that a thread of its own waits for. */
interface BlockingSource {
    /** Before the first read; may wait, as the opening of a FIFO does. */
    void open() throws IOException;

    /** A buffer of the kind that {@link #read} is quickest with. */
    ByteBuf allocate(ByteBufAllocator alloc, int bytes);

    /**
     * Waits for bytes.
     *
     * @return how many were appended; -1 at the end
     */
    int read(ByteBuf into) throws IOException;

    /** Called by any thread; makes the others return if that is possible. */
    void close() throws IOException;

    /** A stream; whether closing it ends a read is the stream's affair. */
    record OfStream(InputStream in) implements BlockingSource {
        @Override
        public void open() {}

        @Override
        public ByteBuf allocate(ByteBufAllocator alloc, int bytes) {
            return alloc.heapBuffer(bytes, bytes);
        }

        @Override
        public int read(ByteBuf into) throws IOException {
            return into.writeBytes(in, into.writableBytes());
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** Anything that has a path; closing it ends a read. */
    final class OfFile implements BlockingSource {
        private final FileOpening file;
        private @Nullable FileChannel channel;

        OfFile(FileOpening file) {
            this.file = file;
        }

        @Override
        public void open() throws IOException {
            channel = file.open();
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator alloc, int bytes) {
            return alloc.directBuffer(bytes, bytes);
        }

        @Override
        public int read(ByteBuf into) throws IOException {
            return into.writeBytes(requireNonNull(channel, "channel"), into.writableBytes());
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
