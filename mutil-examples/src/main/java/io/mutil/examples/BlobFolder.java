package io.mutil.examples;

import io.mutil.s4lru.Evicted;
import io.mutil.s4lru.S4Lru;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A folder of files that keeps below a size, and knows after a restart which of them are in use. */
public final class BlobFolder {
    private static final int KIB = 1 << 10;

    private BlobFolder() {}

    /** Fills a folder of its own, uses some files more than others, and restarts in between. */
    public static void main(String... args) throws IOException {
        Path directory = Files.createTempDirectory("blob-folder");
        Path blobs = Files.createDirectory(directory.resolve("blobs"));
        Path state = directory.resolve("blobs.sqlite");

        try (S4Lru lru = S4Lru.open(state, 100 * KIB)) {
            store(lru, blobs, "logo.png", 10 * KIB);
            lru.touch("logo.png", 10 * KIB);
        }
        try (S4Lru lru = S4Lru.open(state, 100 * KIB)) {
            for (int page = 0; page < 50; page++) {
                store(lru, blobs, "page-" + page + ".html", 4 * KIB);
            }
            System.out.println(lru.count() + " files, " + lru.size() / KIB + " of 100 KiB");
            System.out.println("logo.png is " + (Files.exists(blobs.resolve("logo.png")) ? "there" : "gone"));
        }
        try (Stream<Path> files = Files.list(blobs)) {
            System.out.println(files.mapToLong(BlobFolder::size).sum() / KIB + " KiB on disk");
        }
    }

    private static void store(S4Lru lru, Path blobs, String name, int size) throws IOException {
        Files.write(blobs.resolve(name), new byte[size]);
        lru.touch(name, size);
        for (Evicted old : lru.evict()) {
            Files.deleteIfExists(blobs.resolve(old.key()));
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
