package io.mutil.bench.frames;

import java.io.IOException;
import java.nio.file.Path;

/** Two connected ends, of which one sends files. */
interface FileTransfer {
    /** Sends the file; returns once the other end has all of it and said so. */
    void send(Path source) throws IOException, InterruptedException;

    /** Disconnects the ends and ends every thread. */
    void close() throws IOException, InterruptedException;
}
