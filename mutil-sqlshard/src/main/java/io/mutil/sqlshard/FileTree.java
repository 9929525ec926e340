package io.mutil.sqlshard;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A directory with all that is in it. No file in it may be open in SQLite, which would lose its locks. */
final class FileTree {
    private FileTree() {}

    /** What is deepest comes first. */
    private static List<Path> all(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.sorted((a, b) -> b.compareTo(a)).toList();
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

    /** Deletes it, if it is there. */
    static void delete(Path root) throws IOException {
        if (Files.exists(root)) {
            for (Path each : all(root)) {
                Files.deleteIfExists(each);
            }
        }
    }
}
