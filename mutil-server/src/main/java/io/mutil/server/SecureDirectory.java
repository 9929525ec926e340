package io.mutil.server;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory by its descriptor: every operation is relative to it, so exchanging it for a link has no effect.
 *
 * <p>One gap remains, for which the JDK has no call: a missing directory is made by its path. Who exchanges a directory for
 * a link at that moment can have an empty directory made elsewhere. No file gets there, because the new directory is then
 * entered by descriptor again.
 */
final class SecureDirectory implements Directory {
    private static final Path SELF = Path.of(".");

    private final Path path;
    private final SecureDirectoryStream<Path> stream;

    SecureDirectory(Path path, SecureDirectoryStream<Path> stream) {
        this.path = path;
        this.stream = stream;
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
        // looked at first, because opening waits where the name is a FIFO
        PathDirectory.requireDirectory(inner, attributes(name));
        return new SecureDirectory(inner, stream.newDirectoryStream(Path.of(name), NOFOLLOW_LINKS));
    }

    private void make(Path inner) throws IOException {
        try {
            Files.createDirectory(inner);
        } catch (FileAlreadyExistsException e) {
            return; // another transfer was faster
        }
        sync();
    }

    @Override
    public @Nullable BasicFileAttributes attributes(String name) throws IOException {
        try {
            return stream.getFileAttributeView(Path.of(name), BasicFileAttributeView.class, NOFOLLOW_LINKS)
                    .readAttributes();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public FileChannel create(String name) throws IOException {
        return (FileChannel) stream.newByteChannel(Path.of(name), Set.of(CREATE_NEW, WRITE, NOFOLLOW_LINKS));
    }

    @Override
    public FileChannel open(String name) throws IOException {
        return (FileChannel) stream.newByteChannel(Path.of(name), Set.of(READ, NOFOLLOW_LINKS));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        stream.move(Path.of(from), stream, Path.of(to));
    }

    @Override
    public void delete(String name) throws IOException {
        try {
            stream.deleteFile(Path.of(name));
        } catch (NoSuchFileException e) {
            return; // gone already, which was the aim
        }
    }

    @Override
    public void sync() throws IOException {
        try (var self = (FileChannel) stream.newByteChannel(SELF, Set.of(READ))) {
            self.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
