package io.mutil.pipe;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** FIFOs: pipes that have a path. */
final class Fifo {
    private Fifo() {}

    /** @throws IOException if there is no FIFO at that path */
    static FileOpening reading(Path path) throws IOException {
        return opening(path, StandardOpenOption.READ);
    }

    /** @throws IOException if there is no FIFO at that path */
    static FileOpening writing(Path path) throws IOException {
        return opening(path, StandardOpenOption.WRITE);
    }

    private static FileOpening opening(Path path, OpenOption direction) throws IOException {
        requireFifo(path);
        return new FileOpening(
                () -> FileChannel.open(path, direction),
                () -> FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    private static void requireFifo(Path path) throws IOException {
        try {
            if (FileType.of(path) != FileType.FIFO) {
                throw new IOException(path + " is no FIFO; make one with mkfifo, or give a stream of that file");
            }
        } catch (NoSuchFileException e) {
            throw new IOException("there is no FIFO " + path + "; make it with mkfifo", e);
        } catch (UnsupportedOperationException e) {
            throw new IOException("there are no FIFOs in the file system of " + path, e);
        }
    }
}
