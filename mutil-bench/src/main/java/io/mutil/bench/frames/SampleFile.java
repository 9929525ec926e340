package io.mutil.bench.frames;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;

/** A file of random bytes in a directory of its own, fresh from being written and so in the page cache. */
final class SampleFile implements AutoCloseable {
    private static final int MEBIBYTE = 1 << 20;

    private final Path directory;
    private final Path path;

    SampleFile(int mebibytes) throws IOException {
        directory = Files.createTempDirectory("mutil-bench");
        path = directory.resolve("source");
        byte[] random = new byte[MEBIBYTE];
        new Random(mebibytes).nextBytes(random);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int n = 0; n < mebibytes; n++) {
                ByteBuffer block = ByteBuffer.wrap(random).putInt(0, n);
                while (block.hasRemaining()) {
                    file.write(block);
                }
            }
        }
    }

    Path path() {
        return path;
    }

    /** Where a contestant puts what it received, and where its Unix socket is. */
    Path directory() {
        return directory;
    }

    /** Fails if the other file is not the same. */
    void requireSame(Path other) throws IOException {
        long mismatch = Files.mismatch(path, other);
        if (mismatch >= 0) {
            throw new IllegalStateException("received file differs from byte " + mismatch
                    + "; the contestant is wrong, its speed means nothing");
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> entries = Files.walk(directory)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }
}
