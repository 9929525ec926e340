package io.mutil.cache;

import java.io.Closeable;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A directory of the default file system.
 *
 * <p>Files are read and written by {@link RandomAccessFile}: a {@link FileChannel} closes when its thread is interrupted, and a
 * caller of the cache may be interrupted at any time.
 */
final class NioFolder implements Folder {
    private final Path path;
    private final File directory;
    private final boolean posix;

    NioFolder(Path path) {
        this.path = path;
        directory = path.toFile();
        posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    @Override
    public void create() throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        Path whole = path.toAbsolutePath();
        Path existing = whole.getParent();
        while (existing != null && !Files.isDirectory(existing)) {
            existing = existing.getParent();
        }
        Files.createDirectories(path, forOwnerOnly());
        for (Path parent = whole.getParent(); parent != null; parent = parent.getParent()) {
            syncIfReadable(parent);
            if (parent.equals(existing)) {
                return;
            }
        }
    }

    /** Who may write to a directory may perhaps not open it, and then has nothing that could be forced to the disk. */
    private void syncIfReadable(Path parent) throws IOException {
        try {
            sync(parent);
        } catch (AccessDeniedException e) {
            // its owner decides
        }
    }

    private FileAttribute<?>[] forOwnerOnly() {
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public Object identity() throws IOException {
        return path.toRealPath();
    }

    @Override
    public List<String> names() throws IOException {
        var names = new ArrayList<String>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                names.add(String.valueOf(file.getFileName()));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    @Override
    public Facts facts(String name) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return new Facts(
                attributes.isRegularFile(),
                attributes.size(),
                attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS));
    }

    @Override
    public Handle openToRead(String name) throws IOException {
        try {
            return new OpenFile(new RandomAccessFile(new File(directory, name), "r"));
        } catch (FileNotFoundException e) {
            throw reason(name, e);
        }
    }

    /** The same exception tells of too many open files, too few rights and a disk that does not answer. */
    private IOException reason(String name, FileNotFoundException e) {
        try {
            Files.readAttributes(path.resolve(name), BasicFileAttributes.class);
            return e;
        } catch (InvalidPathException none) {
            return new NoSuchFileException(name);
        } catch (IOException reason) {
            return reason;
        }
    }

    @Override
    public Handle openToWrite(String name) throws IOException {
        return new OpenFile(new RandomAccessFile(new File(directory, name), "rw"));
    }

    @Override
    public void setModified(String name, long micros) throws IOException {
        Files.setLastModifiedTime(resolve(name), FileTime.from(micros, TimeUnit.MICROSECONDS));
    }

    @Override
    public void replace(String from, String to) throws IOException {
        Files.move(resolve(from), resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(resolve(name));
    }

    @Override
    public boolean canName(String name) {
        try {
            return path.resolve(name).getNameCount() > path.getNameCount();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private Path resolve(String name) throws IOException {
        try {
            return path.resolve(name);
        } catch (InvalidPathException e) {
            throw new IOException("the file system has no such names; check the locale of the process", e);
        }
    }

    @Override
    public void sync() throws IOException {
        sync(path);
    }

    private void sync(Path directory) throws IOException {
        if (!posix) {
            return; // a directory cannot be opened there, and its changes are in the journal of the file system
        }
        boolean interrupted = Thread.interrupted();
        try {
            while (!syncUnlessInterrupted(directory)) {
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean syncUnlessInterrupted(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
            return true;
        } catch (ClosedByInterruptException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /** Keeps the position in mind, because asking for it or setting it again is a call into the system. */
    private static final class OpenFile implements Handle {
        private final RandomAccessFile file;
        private long position;

        OpenFile(RandomAccessFile file) {
            this.file = file;
        }

        @Override
        public int read(byte[] into, int offset, int length, long from) throws IOException {
            seek(from);
            int read = file.read(into, offset, length);
            position += Math.max(read, 0);
            return read;
        }

        @Override
        public void write(byte[] from, int offset, int length, long to) throws IOException {
            seek(to);
            file.write(from, offset, length);
            position += length;
        }

        private void seek(long to) throws IOException {
            if (to != position) {
                file.seek(to);
                position = to;
            }
        }

        @Override
        public void sync() throws IOException {
            file.getFD().sync();
        }

        @Override
        public @Nullable Closeable tryLock(long at) throws IOException {
            try {
                FileLock lock = file.getChannel().tryLock(at, 1, false);
                return lock == null ? null : lock::release;
            } catch (OverlappingFileLockException e) {
                return null;
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
