package io.mutil.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A fresh directory, which is removed with all that is in it. */
public final class Scratch implements AutoCloseable {
    private final Path path;

    private Scratch(Path path) {
        this.path = path;
    }

    /** One where the JVM keeps its temporary files. */
    public static Scratch temporary() throws IOException {
        return new Scratch(Files.createTempDirectory("mutil-bench"));
    }

    /** One in a directory, which is made if it is not there, and stays. */
    public static Scratch in(Path parent) throws IOException {
        return new Scratch(Files.createTempDirectory(Files.createDirectories(parent), "mutil-bench"));
    }

    /** The directory. */
    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> entries = Files.walk(path)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
