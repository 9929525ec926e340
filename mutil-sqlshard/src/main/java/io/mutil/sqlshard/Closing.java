package io.mutil.sqlshard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Closes many things, however many of them fail. */
final class Closing implements AutoCloseable {
    private final List<Part> parts = new ArrayList<>();

    private interface Part {
        void close() throws IOException;
    }

    LockedFile add(LockedFile file) {
        parts.add(file::close);
        return file;
    }

    NewFile add(NewFile file) {
        parts.add(file::close);
        return file;
    }

    @Override
    public void close() throws IOException {
        Shards.each(parts, Part::close);
    }
}
