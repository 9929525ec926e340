package io.mutil.server;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A file that is arriving: it grows under another name beside the target and takes the target's name at one stroke when it
 * is whole and on the disk. Closed before that, nothing of it stays.
 *
 * <p>Every method may wait for the disk. Used by one thread at a time.
 */
final class PartFile implements Closeable {
    private static final String PREFIX = ".mutil-";
    private static final String SUFFIX = ".part";
    private static final Logger LOGGER = System.getLogger(PartFile.class.getName());
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int COPY_BYTES = 256 << 10;

    private final Directory directory;
    private final String target;
    private final String part;
    private final FileChannel channel;
    private final @Nullable MessageDigest digest;
    private final long kept;
    private long size;
    private boolean done;

    private PartFile(Directory directory, String target, String part, long kept, @Nullable MessageDigest digest)
            throws IOException {
        this.directory = directory;
        this.target = target;
        this.part = part;
        this.kept = kept;
        this.size = kept;
        this.digest = digest;
        this.channel = directory.create(part).position(kept);
    }

    /**
     * Begins a file.
     *
     * @param directory taken over, closed also if this throws
     * @param offset how many bytes of the target are kept: all it has, or zero to replace what is there
     * @param digest is fed with the whole file, the kept bytes too
     */
    static PartFile begin(Directory directory, String target, long offset, @Nullable MessageDigest digest)
            throws IOException {
        try {
            requireReplaceable(directory, target, offset);
            return new PartFile(directory, target, partName(), offset, digest);
        } catch (Throwable e) {
            closeAfter(directory, e);
            throw e;
        }
    }

    private static void closeAfter(Closeable closeable, Throwable failure) {
        try {
            closeable.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static void requireReplaceable(Directory directory, String target, long offset) throws IOException {
        BasicFileAttributes there = directory.attributes(target);
        if (there != null && there.isDirectory()) {
            throw new FileRefusal(CloseReason.POLICY, directory + "/" + target, "the target is a directory");
        }
        if (offset > 0 && (there == null || !there.isRegularFile() || there.size() != offset)) {
            String has =
                    there == null ? "does not exist" : there.isRegularFile() ? "has " + there.size() : "is no file";
            throw new FileRefusal(
                    CloseReason.POLICY,
                    directory + "/" + target,
                    "resumed at byte " + offset + ", but the target " + has
                            + "; agree on the offset before the file is sent");
        }
    }

    private static String partName() {
        byte[] random = new byte[8];
        RANDOM.nextBytes(random);
        return PREFIX + HexFormat.of().formatHex(random) + SUFFIX;
    }

    /** Whether files and directories of this name are none of a peer's: whoever clears up may delete them. */
    static boolean isPartName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith(PREFIX) && lower.endsWith(SUFFIX);
    }

    /** Appends what remains of the buffers. */
    void write(ByteBuffer... bytes) throws IOException {
        long end = size;
        for (ByteBuffer some : bytes) {
            end += some.remaining();
            if (digest != null && !resumed()) {
                digest.update(some.duplicate());
            }
        }
        while (size < end) {
            size += channel.write(bytes);
        }
    }

    /**
     * Puts the bytes that were kept before those that have arrived. After the last byte, once.
     *
     * <p>Not before the first, although that would spare reading for the digest again what has arrived: the sender, who
     * waits for the disk, may take the time that it takes to copy a large file for the death of its peer.
     */
    void fill() throws IOException {
        if (!resumed()) {
            return;
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);
        try (FileChannel old = directory.open(target)) {
            for (long at = 0; at < kept; ) {
                read(old, at, kept, buffer);
                while (buffer.hasRemaining()) {
                    at += channel.write(buffer, at);
                }
            }
        }
        if (digest != null) {
            try (FileChannel arrived = directory.open(part)) {
                for (long at = kept; at < size; at += buffer.remaining()) {
                    read(arrived, at, size, buffer);
                }
            }
        }
    }

    /** Fills the buffer, at most up to the end, and feeds the digest. */
    private void read(FileChannel from, long at, long end, ByteBuffer buffer) throws IOException {
        buffer.clear().limit((int) Math.min(end - at, COPY_BYTES));
        if (from.read(buffer, at) < 0) {
            throw new IOException("target " + target + " shrank from " + end + " to " + at
                    + " bytes while it was read; nothing else may write it while a file is received");
        }
        buffer.flip();
        if (digest != null) {
            digest.update(buffer.duplicate());
        }
    }

    /** What the file will be called. */
    Path path() {
        return directory.path().resolve(target);
    }

    /** How many bytes it has so far, with those that are kept. */
    long size() {
        return size;
    }

    boolean resumed() {
        return kept > 0;
    }

    /** The digest of the whole file; may be asked once, after {@link #fill}. */
    byte[] digest() {
        if (digest == null) {
            throw new IllegalStateException("begun without a digest");
        }
        return digest.digest();
    }

    /** Brings the file to the disk and gives it its name, which goes to the disk where the system can do that. */
    void complete() throws IOException {
        channel.force(true);
        channel.close();
        directory.rename(part, target);
        done = true;
        try {
            directory.sync();
        } catch (IOException e) {
            // some file systems do not know how; the file is there, and who is told otherwise would have it sent again
            LOGGER.log(Level.DEBUG, () -> "the name of " + path() + " could not be brought to the disk", e);
        }
    }

    /** Deletes what has arrived unless it is complete. */
    @Override
    public void close() throws IOException {
        try (directory;
                channel) {
            if (!done) {
                done = true;
                channel.close(); // first, since Windows deletes no open file
                directory.delete(part);
            }
        }
    }
}
