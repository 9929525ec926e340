package io.mutil.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** An open directory. Names are single ones; a symbolic link under one of them is never followed. */
interface Directory extends Closeable {
    /**
     * Opens a directory in which names of a peer are looked up: where the system can, by descriptor, so that it stays the
     * same one whatever happens to its path.
     */
    @SuppressWarnings("StreamResourceLeak") // closed with the directory
    static Directory root(Path path) throws IOException {
        var stream = Files.newDirectoryStream(path);
        return stream instanceof SecureDirectoryStream<Path> secure
                ? new SecureDirectory(path, secure)
                : closing(stream, new PathDirectory(path));
    }

    private static Directory closing(Closeable stream, Directory directory) throws IOException {
        stream.close();
        return directory;
    }

    Path path();

    /**
     * Opens a directory in this one, which is made if it is missing.
     *
     * @throws IOException if there is something else under the name
     */
    Directory enter(String name) throws IOException;

    /** What is there, a link as a link; null if nothing is. */
    @Nullable
    BasicFileAttributes attributes(String name) throws IOException;

    /** Makes a file that did not exist and opens it for writing. */
    FileChannel create(String name) throws IOException;

    /** Opens a file that exists for reading. */
    FileChannel open(String name) throws IOException;

    /** Gives a file another name at one stroke; what had that name is gone. */
    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    /** Brings names that were given or taken to the disk, where the system can. */
    void sync() throws IOException;

    @Override
    void close() throws IOException;
}
