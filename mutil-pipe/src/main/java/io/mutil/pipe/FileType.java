package io.mutil.pipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a file is, by the bits of {@code st_mode} that tell; the numbers are those of every Unix. */
final class FileType {
    static final int FIFO = 0010000;
    static final int SOCKET = 0140000;
    static final int REGULAR = 0100000;

    private static final int MASK = 0170000;

    private FileType() {}

    /**
     * The type of the file that a path leads to.
     *
     * @throws UnsupportedOperationException if it is not in the file system of a Unix
     */
    static int of(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode") & MASK;
    }
}
