package io.mutil.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Another directory, for a test that has one of its methods do something else. */
class ForwardingDirectory implements Directory {
    private final Directory directory;

    ForwardingDirectory(Directory directory) {
        this.directory = directory;
    }

    @Override
    public Path path() {
        return directory.path();
    }

    @Override
    public Directory enter(String name) throws IOException {
        return directory.enter(name);
    }

    @Override
    public @Nullable BasicFileAttributes attributes(String name) throws IOException {
        return directory.attributes(name);
    }

    @Override
    public FileChannel create(String name) throws IOException {
        return directory.create(name);
    }

    @Override
    public FileChannel open(String name) throws IOException {
        return directory.open(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        directory.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        directory.delete(name);
    }

    @Override
    public void sync() throws IOException {
        directory.sync();
    }

    @Override
    public void close() throws IOException {
        directory.close();
    }
}
