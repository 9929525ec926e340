package io.mutil.cache;

import java.io.Closeable;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** A directory in the heap, as POSIX has it: who opened a file keeps it whatever becomes of its name. */
final class MemoryFolder implements Folder {
    private final ConcurrentMap<String, Content> files = new ConcurrentHashMap<>();
    private volatile boolean created;

    private static final class Content {
        private final Set<Long> locked = new HashSet<>();
        private byte[] bytes = new byte[0];
        private long modified;
    }

    @Override
    public void create() {
        created = true;
    }

    @Override
    public Object identity() {
        return this;
    }

    @Override
    public boolean canName(String name) {
        return true;
    }

    @Override
    public List<String> names() throws NoSuchFileException {
        if (!created) {
            throw new NoSuchFileException("the directory");
        }
        return List.copyOf(files.keySet());
    }

    @Override
    public Facts facts(String name) throws NoSuchFileException {
        Content content = content(name);
        synchronized (content) {
            return new Facts(true, content.bytes.length, content.modified);
        }
    }

    private Content content(String name) throws NoSuchFileException {
        Content content = files.get(name);
        if (content == null) {
            throw new NoSuchFileException(name);
        }
        return content;
    }

    @Override
    public Handle openToRead(String name) throws NoSuchFileException {
        return new Open(content(name));
    }

    @Override
    public Handle openToWrite(String name) throws FileSystemException {
        if (!created) {
            throw new NoSuchFileException(name);
        }
        return new Open(files.computeIfAbsent(name, n -> new Content()));
    }

    @Override
    public void setModified(String name, long micros) throws NoSuchFileException {
        Content content = content(name);
        synchronized (content) {
            content.modified = micros;
        }
    }

    @Override
    public void replace(String from, String to) throws NoSuchFileException {
        Content content = content(from);
        files.put(to, content);
        files.remove(from);
    }

    @Override
    public void delete(String name) {
        files.remove(name);
    }

    @Override
    public void sync() {}

    private static final class Open implements Handle {
        private final Content content;
        private final Set<Long> locked = new HashSet<>();

        Open(Content content) {
            this.content = content;
        }

        @Override
        public int read(byte[] into, int offset, int length, long position) {
            synchronized (content) {
                long there = content.bytes.length - position;
                if (there <= 0) {
                    return -1;
                }
                int read = (int) Math.min(there, length);
                System.arraycopy(content.bytes, (int) position, into, offset, read);
                return read;
            }
        }

        @Override
        public void write(byte[] from, int offset, int length, long position) {
            synchronized (content) {
                int end = (int) position + length;
                if (end > content.bytes.length) {
                    content.bytes = Arrays.copyOf(content.bytes, end);
                }
                System.arraycopy(from, offset, content.bytes, (int) position, length);
            }
        }

        @Override
        public void sync() {}

        @Override
        public @Nullable Closeable tryLock(long position) {
            synchronized (content) {
                if (!content.locked.add(position)) {
                    return null;
                }
                locked.add(position);
                return () -> unlock(position);
            }
        }

        private void unlock(long position) {
            synchronized (content) {
                if (locked.remove(position)) {
                    content.locked.remove(position);
                }
            }
        }

        @Override
        public void close() {
            List.copyOf(locked).forEach(this::unlock);
        }
    }
}
