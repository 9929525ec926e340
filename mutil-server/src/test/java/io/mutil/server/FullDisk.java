package io.mutil.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A directory whose disk has room for a number of bytes, takes them in small portions, and then fails. */
final class FullDisk extends ForwardingDirectory {
    static final String MESSAGE = "No space left on device";

    private final long room;
    private final boolean failsToForce;

    FullDisk(Directory directory, long room, boolean failsToForce) {
        super(directory);
        this.room = room;
        this.failsToForce = failsToForce;
    }

    @Override
    public Directory enter(String name) throws IOException {
        return new FullDisk(super.enter(name), room, failsToForce);
    }

    @Override
    public FileChannel create(String name) throws IOException {
        return new Narrow(super.create(name));
    }

    private final class Narrow extends FileChannel {
        private static final int PORTION = 1000;

        private final FileChannel file;
        private long written;
        private long at;

        Narrow(FileChannel file) {
            this.file = file;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            if (written >= room) {
                throw new IOException(MESSAGE);
            }
            int n = (int) Math.min(Math.min(source.remaining(), PORTION), room - written);
            ByteBuffer portion = source.slice(source.position(), n);
            source.position(source.position() + n);
            while (portion.hasRemaining()) {
                file.write(portion, position + portion.position());
            }
            written += n;
            return n;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            if (failsToForce) {
                throw new IOException(MESSAGE);
            }
            file.force(metaData);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(ByteBuffer target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
            for (int i = offset; i < offset + length; i++) {
                if (sources[i].hasRemaining()) {
                    int n = write(sources[i], at);
                    at += n;
                    return n;
                }
            }
            return 0;
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long newPosition) {
            at = newPosition;
            return this;
        }

        @Override
        public FileChannel truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(ByteBuffer target, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer source) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
