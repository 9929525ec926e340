package io.mutil.pipe;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** A place for bytes where a thread of its own waits until they are taken. */
interface BlockingSink {
    /** Before the first write; may wait, as the opening of a FIFO does. */
    void open() throws IOException;

    /** Hands all of the bytes to the operating system. */
    void write(ByteBuf bytes) throws IOException;

    /** Called by any thread; makes the others return if that is possible. */
    void close() throws IOException;

    /** A stream; whether closing it ends a write is the stream's affair. */
    record OfStream(OutputStream out) implements BlockingSink {
        @Override
        public void open() {}

        @Override
        public void write(ByteBuf bytes) throws IOException {
            bytes.readBytes(out, bytes.readableBytes());
            out.flush();
            // a PrintStream, such as System.out, keeps its failures to itself
            if (out instanceof PrintStream print && print.checkError()) {
                throw new IOException("the PrintStream failed to write");
            }
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** Anything that has a path; closing it ends a write. */
    final class OfFile implements BlockingSink {
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
        public void write(ByteBuf bytes) throws IOException {
            FileChannel into = requireNonNull(channel, "channel");
            while (bytes.isReadable()) {
                bytes.readBytes(into, bytes.readableBytes());
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
