package io.mutil.server;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A directory by its path. Who may write into it or above it can exchange it between two calls. */
final class PathDirectory implements Directory {
    private final Path path;

    PathDirectory(Path path) {
        this.path = path;
    }

    /** The directory of this path, which is made with all above it that is missing. */
    static PathDirectory made(Path path) throws IOException {
        make(path);
        return new PathDirectory(path);
    }

    private static void make(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            make(parent);
        }
        try {
            Files.createDirectory(path);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(path)) {
                throw e;
            }
        }
        if (parent != null) {
            sync(parent);
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public Directory enter(String name) throws IOException {
        Path inner = path.resolve(name);
        if (attributes(name) == null) {
            make(inner);
        }
        requireDirectory(inner, attributes(name));
        return new PathDirectory(inner);
    }

    static void requireDirectory(Path path, @Nullable BasicFileAttributes attributes) throws IOException {
        if (attributes == null) {
            throw new NoSuchFileException(path.toString());
        }
        if (!attributes.isDirectory()) {
            throw FileRefusal.name(
                    path.toString(),
                    attributes.isSymbolicLink()
                            ? "it leads through a symbolic link"
                            : "it leads through something that is no directory");
        }
    }

    @Override
    public @Nullable BasicFileAttributes attributes(String name) throws IOException {
        try {
            return Files.readAttributes(path.resolve(name), BasicFileAttributes.class, NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public FileChannel create(String name) throws IOException {
        return FileChannel.open(path.resolve(name), CREATE_NEW, WRITE);
    }

    @Override
    public FileChannel open(String name) throws IOException {
        return FileChannel.open(path.resolve(name), READ, NOFOLLOW_LINKS);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(path.resolve(from), path.resolve(to), ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(path.resolve(name));
    }

    @Override
    public void sync() throws IOException {
        sync(path);
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, READ)) {
            channel.force(true);
        } catch (AccessDeniedException e) {
            // Windows opens no directories and needs no sync; elsewhere we may write into it but not read it
            return;
        }
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return path.toString();
    }
}
