package io.mutil.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An open file and which of its bytes are sent. Open until it and the regions made of it are released.
 *
 * <p>It is open twice, because an interrupt closes the channel that the thread is at, and the regions that the event loop
 * still has to send must outlive that.
 */
final class FileSource extends AbstractReferenceCounted implements AutoCloseable {
    private final Path path;
    private final FileChannel own;
    private final FileChannel shared;
    private final long start;
    private final long kept;
    private final long end;

    /**
     * Describes bytes of an open file.
     *
     * @param own for the thread that reads
     * @param shared for the regions
     * @param start of what the receiver will have
     * @param kept how many bytes from there it has
     * @param end of what the receiver will have
     */
    private FileSource(Path path, FileChannel own, FileChannel shared, long start, long kept, long end) {
        this.path = path;
        this.own = own;
        this.shared = shared;
        this.start = start;
        this.kept = kept;
        this.end = end;
    }

    /** Opens what is to be sent; may wait for the disk. */
    static FileSource open(FileToSend what) throws IOException, InterruptedException {
        Path path = what.path();
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            // opening a FIFO would wait for its writer
            throw new FileSystemException(
                    path.toString(),
                    null,
                    (attributes.isDirectory() ? "a directory" : "something else than a file")
                            + " cannot be sent; name a regular file");
        }
        FileChannel own = FileChannel.open(path, StandardOpenOption.READ);
        try {
            FileChannel shared = FileChannel.open(path, StandardOpenOption.READ);
            try {
                requireSame(path, attributes);
                return of(what, own, shared);
            } catch (Throwable e) {
                shared.close();
                throw e;
            }
        } catch (Throwable e) {
            own.close();
            throw e;
        }
    }

    private static void requireSame(Path path, BasicFileAttributes before) throws IOException {
        if (!Objects.equals(
                before.fileKey(),
                Files.readAttributes(path, BasicFileAttributes.class).fileKey())) {
            throw new FileSystemException(
                    path.toString(), null, "was replaced while it was opened; send the one that is there now");
        }
    }

    private static FileSource of(FileToSend what, FileChannel own, FileChannel shared)
            throws IOException, InterruptedException {
        long size = size(own);
        long length = what.length() == FileToSend.TO_THE_END ? size : what.length();
        if (what.from() > size - length) {
            throw new FileSystemException(
                    what.path().toString(),
                    null,
                    "range from " + what.from() + " length " + length + " ends beyond its " + size + " bytes");
        }
        if (what.offset() > length) {
            throw new FileSystemException(
                    what.path().toString(),
                    null,
                    "cannot be resumed at " + what.offset() + ", there are " + length + " bytes");
        }
        return new FileSource(what.path(), own, shared, what.from(), what.offset(), what.from() + length);
    }

    /** Where the bytes begin that the receiver has. */
    long start() {
        return start;
    }

    /** Where the bytes begin that are sent. */
    long first() {
        return start + kept;
    }

    long end() {
        return end;
    }

    /** How many bytes are sent. */
    long length() {
        return end - first();
    }

    /**
     * Fills the buffer up to its capacity with the bytes at this position.
     *
     * @throws FileShrankException if the file does not have them any more
     * @throws InterruptedException if interrupted; then it can be read no more, but the regions made of it can
     */
    void read(long position, ByteBuf into) throws FileSystemException, InterruptedException {
        try {
            for (long at = position; into.isWritable(); ) {
                int n = into.writeBytes(own, at, into.writableBytes());
                if (n < 0) {
                    // Netty takes a channel that is closed for one at its end
                    if (!own.isOpen()) {
                        throw interrupted();
                    }
                    throw shrank(null);
                }
                at += n;
            }
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    FileRegion region(long position, long count) {
        retain();
        return new Region(position, count);
    }

    /** @throws FileShrankException if the file ends before what was announced */
    void requireWhole() throws FileSystemException, InterruptedException {
        try {
            if (size(own) < end) {
                throw shrank(null);
            }
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static long size(FileChannel channel) throws IOException, InterruptedException {
        try {
            return channel.size();
        } catch (ClosedByInterruptException e) {
            throw interrupted();
        }
    }

    private static InterruptedException interrupted() {
        var unused = Thread.interrupted();
        return new InterruptedException("interrupted while a file was read");
    }

    /** Why the connection broke, if it is that the file ends early: what the network says is then of no use. */
    IOException explained(IOException failure) {
        try {
            return !(failure instanceof FileShrankException) && shared.size() < end ? shrank(failure) : failure;
        } catch (IOException e) {
            failure.addSuppressed(e);
            return failure;
        }
    }

    private FileShrankException shrank(@Nullable Throwable cause) throws IOException {
        return new FileShrankException(path, end, shared.size(), cause);
    }

    private FileSystemException unreadable(IOException cause) {
        var unreadable = new FileSystemException(path.toString(), null, "cannot be read: " + cause.getMessage());
        unreadable.initCause(cause);
        return unreadable;
    }

    @Override
    protected void deallocate() {
        try (own;
                shared) {
            return;
        } catch (IOException e) {
            System.getLogger(FileSource.class.getName()).log(System.Logger.Level.DEBUG, "cannot close " + path, e);
        }
    }

    @Override
    public void close() {
        release();
    }

    @Override
    public ReferenceCounted touch(Object hint) {
        return this;
    }

    /** Shares the open file with the other regions. */
    private final class Region extends DefaultFileRegion {
        Region(long position, long count) {
            super(shared, position, count);
        }

        @Override
        protected void deallocate() {
            FileSource.this.release();
        }
    }
}
