package io.mutil.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A directory into which a peer may put files under names of its own choice.
 *
 * <pre>{@code
 * FileRoot inbox = FileRoot.of(Path.of("inbox"));
 * while (inbox.receive(connection) != null) {}
 * }</pre>
 *
 * <p>The prefix of a file is its name below the root: UTF-8, parts joined by {@code /}. Missing directories are made; a file
 * that exists is replaced. A name is refused if it is empty or absolute, has an empty part, {@code .}, {@code ..}, a
 * backslash, a control character or a drive letter, is one of our temporary files ({@code .mutil-*.part}), leads to or through a symbolic link below the root (wherever the link
 * leads), or names a directory. The sender learns of it: the connection is closed with code 1008. Nothing outside of the
 * root is touched.
 *
 * <p>On Linux and macOS directories are walked by descriptor, so that another program which exchanges one for a link in the
 * middle of it gains nothing, except that it can have an empty directory made elsewhere. On Windows there are only checks
 * before each step: there, do not let others write below the root.
 *
 * <p>Safe for use by many threads and connections. Two files of one name at the same time: the later one to end stays.
 */
public final class FileRoot {
    /** What a file may have by default. */
    static final long DEFAULT_MAX_BYTES = 16L << 30;

    private final Path directory;
    private final long maxBytes;

    private FileRoot(Path directory, long maxBytes) {
        this.directory = directory;
        this.maxBytes = maxBytes;
    }

    /**
     * A root at this directory. If the path leads through symbolic links, they are followed now; the directory that this
     * leads to is opened by its path for each file, so others must not be able to exchange it.
     *
     * @throws IOException if there is no such directory
     */
    public static FileRoot of(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            throw new NoSuchFileException(
                    directory.toString(), null, "make the directory first; only those in it are made");
        }
        Path real = directory.toRealPath();
        if (!Files.isDirectory(real)) {
            throw new NotDirectoryException(directory.toString());
        }
        return new FileRoot(real, DEFAULT_MAX_BYTES);
    }

    /**
     * The same root with another limit: the most that one file may have in the end, in bytes. Default 16 GiB. A longer one
     * closes the connection with code 1009 before anything is written.
     */
    public FileRoot maxBytes(long bytes) {
        return new FileRoot(directory, FileTarget.requireNotNegative("maxBytes", bytes));
    }

    /** Lands where the prefix says. */
    private record Below(FileRoot root) implements Landing {
        @Override
        public long maxBytes() {
            return root.maxBytes;
        }

        @Override
        public int prefixBytes() {
            return 0;
        }

        @Override
        public PartFile begin(ByteBuffer prefix, long offset, @Nullable MessageDigest digest) throws IOException {
            return root.begin(FileName.parse(prefix), offset, digest);
        }

        @Override
        public String toString() {
            return root.directory.toString();
        }
    }

    /**
     * Waits for a file and stores it under the name that the sender gave it; otherwise as
     * {@link Connection#receiveFile(FileTarget)}.
     *
     * @return null at the end of the stream
     * @throws java.nio.file.FileSystemException if the name or the length is refused, or the file cannot be stored; the
     *     connection is closed, and the sender learns why
     * @throws UnsupportedOperationException if the handshake was another than {@link Handshake#VERSION_2}
     */
    public @Nullable ReceivedFile receive(Connection connection) throws IOException, InterruptedException {
        connection.refuseEventLoop("receive", "receiveAsync");
        return FileReceiver.receive(connection, landing(connection));
    }

    /** As {@link #receive}, without waiting; otherwise as {@link Connection#receiveFileAsync}. */
    public CompletableFuture<@Nullable ReceivedFile> receiveAsync(Connection connection) {
        return FileReceiver.receiveAsync(connection, landing(connection));
    }

    private Landing landing(Connection connection) {
        if (!connection.typed()) {
            throw new UnsupportedOperationException(
                    "names of files need Handshake.VERSION_2; after others give the name"
                            + " with Connection.receiveFile");
        }
        return new Below(this);
    }

    /** Begins a file under a name that is below the root without passing a link. */
    PartFile begin(FileName name, long offset, @Nullable MessageDigest digest) throws IOException {
        Directory at = enter(name);
        return PartFile.begin(at, name.last(), offset, digest);
    }

    private Directory enter(FileName name) throws IOException {
        Directory at = Directory.root(directory);
        try {
            for (String part : name.directories()) {
                Directory inner = at.enter(part);
                at.close();
                at = inner;
            }
            BasicFileAttributes there = at.attributes(name.last());
            if (there != null && !there.isRegularFile()) {
                throw FileRefusal.name(
                        FileName.shown(name.toString()),
                        there.isSymbolicLink()
                                ? "it is a symbolic link"
                                : there.isDirectory() ? "it is a directory" : "it is something else than a file");
            }
            return at;
        } catch (Throwable e) {
            at.close();
            throw e;
        }
    }

    @Override
    public String toString() {
        return "FileRoot[" + directory + "]";
    }
}
