package io.mutil.cache;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A disk in memory that breaks when told. */
final class FakeDisk implements DiskTier {
    final Map<String, Stored> files = new ConcurrentSkipListMap<>();
    int reads;
    int leases;
    /** Open bodies that nobody has closed. */
    int opened;
    /** What is asked for is held by another process for ever. */
    Predicate<String> heldElsewhere = name -> false;

    final List<String> locked = new ArrayList<>();
    /** Happens while an entry is being put in its place. */
    Runnable onCommit = () -> {};

    /** Bytes after which each write fails. */
    long room = Long.MAX_VALUE;

    boolean refusesSinks;
    boolean refusesCommits;
    boolean closed;
    int sinks;

    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Stored(Meta meta, byte[] body) {}

    @Override
    public @Nullable Held get(EntryName name, long wholeUpTo) {
        reads++;
        Stored stored = files.get(name.fileName());
        return stored == null ? null : held(name, stored, wholeUpTo);
    }

    private Held held(EntryName name, Stored stored, long wholeUpTo) {
        return new Held(
                stored.meta(),
                stored.body().length <= wholeUpTo
                        ? new Body.InMemory(stored.body())
                        : new FakeFile(name.fileName(), stored.body()));
    }

    private final class FakeFile implements Body.OnDisk {
        private final String name;
        private final byte[] body;

        FakeFile(String name, byte[] body) {
            this.name = name;
            this.body = body;
        }

        @Override
        public long length() {
            return body.length;
        }

        @Override
        public InputStream open() throws IOException {
            Stored stored = files.get(name);
            if (stored == null) {
                throw new NoSuchFileException(name);
            }
            if (!Arrays.equals(stored.body(), body)) {
                throw new IOException("replaced: " + name);
            }
            opened++;
            return new ByteArrayInputStream(body) {
                @Override
                public void close() {
                    opened--;
                }
            };
        }
    }

    @Override
    public @Nullable Sink begin(EntryName name) {
        if (refusesSinks) {
            return null;
        }
        sinks++;
        return new FakeSink(name);
    }

    private final class FakeSink implements Sink {
        private final EntryName name;
        private @Nullable ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        FakeSink(EntryName name) {
            this.name = name;
        }

        @Override
        public boolean write(ByteBuffer more) {
            ByteArrayOutputStream to = bytes;
            if (to == null || to.size() + more.remaining() > room) {
                abort();
                return false;
            }
            byte[] copy = new byte[more.remaining()];
            more.duplicate().get(copy);
            to.writeBytes(copy);
            return true;
        }

        @Override
        public @Nullable Held commit(Meta meta) {
            onCommit.run();
            if (refusesCommits || bytes == null) {
                abort();
                return null;
            }
            var stored = new Stored(meta, requireNonNull(bytes).toByteArray());
            bytes = null;
            sinks--;
            files.put(name.fileName(), stored);
            olderSiblings(name).forEach(FakeDisk.this::remove);
            return held(name, stored, 0);
        }

        @Override
        public void abort() {
            if (bytes != null) {
                bytes = null;
                sinks--;
            }
        }
    }

    @Override
    public boolean renew(EntryName name, Held known, Meta meta) {
        Stored there = files.get(name.fileName());
        if (refusesCommits || there == null || !Arrays.equals(bytes(known.body()), there.body())) {
            return false;
        }
        files.put(name.fileName(), new Stored(meta, there.body()));
        return true;
    }

    private static byte[] bytes(Body body) {
        return body instanceof FakeFile file ? file.body : ((Body.InMemory) body).bytes();
    }

    @Override
    public List<EntryName> olderSiblings(EntryName name) {
        return files.keySet().stream()
                .filter(name::isAfter)
                .map(file -> new EntryName(file, name.family()))
                .sorted((one, other) -> one.isAfter(other.fileName()) ? -1 : 1)
                .toList();
    }

    @Override
    public void remove(EntryName name) {
        files.remove(name.fileName());
    }

    @Override
    public void clear() {
        files.clear();
    }

    @Override
    public CompletableFuture<Lease> lock(EntryName name, Duration atMost) {
        locked.add(name.fileName());
        if (heldElsewhere.test(name.fileName())) {
            return new CompletableFuture<>();
        }
        leases++;
        return CompletableFuture.completedFuture(() -> leases--);
    }

    @Override
    public DiskStats stats() {
        long bytes = files.values().stream()
                .mapToLong(stored -> stored.body().length)
                .sum();
        return new DiskStats(bytes, files.size(), 0, 0, 0);
    }

    @Override
    public void close() {
        closed = true;
    }
}
