package io.mutil.wproxy;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where a recording is written to. For one thread. */
interface RecordingFile {
    /** Writes bytes behind those that are there, all or none. */
    void append(ByteBuf bytes) throws IOException;

    void close() throws IOException;

    /** Removes it, with all that is in it. */
    void delete() throws IOException;

    /**
     * Makes a file.
     *
     * @throws IOException if there is one of this name already, or it cannot be made
     */
    static RecordingFile create(Path path) throws IOException {
        try {
            return new OnDisk(path, FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        } catch (FileAlreadyExistsException e) {
            throw new FileAlreadyExistsException(
                    path.toString(), null, "exists already, and recordings are not overwritten; choose another name");
        } catch (IOException e) {
            throw FileProblem.making(path, e);
        }
    }

    /** A file of the file system. */
    record OnDisk(Path path, FileChannel channel) implements RecordingFile {
        /** The JDK copies what is not direct, into a buffer of that size that it keeps. */
        private static final int AT_A_TIME = 64 << 10;

        @Override
        public void append(ByteBuf bytes) throws IOException {
            long before = channel.position();
            try {
                writeAll(bytes);
            } catch (IOException e) {
                cut(before, e);
                throw e;
            }
        }

        private void writeAll(ByteBuf bytes) throws IOException {
            while (bytes.isReadable()) {
                ByteBuffer next = bytes.nioBuffer(bytes.readerIndex(), Math.min(AT_A_TIME, bytes.readableBytes()));
                bytes.skipBytes(channel.write(next));
            }
        }

        private void cut(long length, IOException because) {
            try {
                channel.truncate(length);
            } catch (IOException e) {
                because.addSuppressed(e);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }

        @Override
        public void delete() throws IOException {
            channel.close();
            Files.deleteIfExists(path);
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }
}
