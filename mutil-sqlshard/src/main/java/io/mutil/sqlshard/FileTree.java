package io.mutil.sqlshard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory with all that is in it. No file in it may be open in SQLite, which would lose its locks. */
final class FileTree {
    private FileTree() {}

    /** What is deepest comes first. */
    private static List<Path> all(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.sorted((a, b) -> b.compareTo(a)).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** What tells a directory from others that have had its name; null if there is none. */
    static @Nullable Object identity(Path directory) throws IOException {
        try {
            Object key =
                    Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
            return key == null ? "unknown" : key;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Waits until the disk has all of it. */
    static void sync(Path root) throws IOException {
        for (Path each : all(root)) {
            syncOne(each);
        }
    }

    /** Waits until the disk has the file, or the names in the directory. */
    static void syncOne(Path path) throws IOException {
        boolean directory = Files.isDirectory(path);
        try (FileChannel channel =
                FileChannel.open(path, directory ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (AccessDeniedException e) {
            if (!directory) {
                throw e;
            }
            // where directories cannot be opened, they need not be either
        }
    }

    /** Gives a directory another name, which survives a loss of power when this returns. */
    static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        Path parent = to.toAbsolutePath().getParent();
        if (parent != null) {
            syncOne(parent);
        }
    }

    /** Deletes it, if it is there; somebody else may do the same. */
    static void delete(Path root) throws IOException {
        try {
            for (Path each : all(root)) {
                Files.deleteIfExists(each);
            }
        } catch (NoSuchFileException e) {
            // somebody else has
        }
    }
}
