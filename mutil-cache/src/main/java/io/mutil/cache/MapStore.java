package io.mutil.cache;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The two sides of a {@link PersistentMap}: values in memory, and what is to be done to their files. A change of the memory and its
 * place in the order of writes are one step under one lock; the writes themselves come after it.
 */
final class MapStore<V> {
    /** A key that is there, and its value once that is in memory. */
    private static final class Cell<V> {
        private volatile @Nullable V value;
    }

    private final ValueFiles files;
    private final Index index;
    private final boolean bounded;
    private final Function<? super V, byte[]> encode;
    private final Function<byte[], ? extends V> decode;
    private final LongSupplier millis;
    private final WriteBehind writes;
    private final ConcurrentMap<String, Cell<V>> cells = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final LongAdder hits = new LongAdder();
    private final LongAdder loads = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder evicted = new LongAdder();
    private volatile boolean closed;

    MapStore(
            ValueFiles files,
            Index index,
            boolean bounded,
            Function<? super V, byte[]> encode,
            Function<byte[], ? extends V> decode,
            Executor writers,
            int maxWaiting,
            LongSupplier millis) {
        this.files = files;
        this.index = index;
        this.bounded = bounded;
        this.encode = encode;
        this.decode = decode;
        this.millis = millis;
        writes = new WriteBehind(this::write, writers, lock, maxWaiting);
    }

    private void write(String key, byte @Nullable [] value) throws IOException {
        if (value == null) {
            files.delete(key);
        } else {
            files.write(key, value, TimeUnit.MILLISECONDS.toMicros(millis.getAsLong()));
        }
    }

    /** Where changes wait for the disk. */
    WriteBehind writes() {
        return writes;
    }

    /** Takes up what the directory holds, before anybody else knows this map. */
    void list() throws IOException {
        for (Index.Use use : files.list()) {
            index.found(use);
            cells.put(use.name(), new Cell<>());
        }
        evict().forEach(writes::run);
    }

    /** The value of a key, from its file if nobody has asked for it before. */
    Optional<V> find(String key) throws IOException {
        ensureOpen();
        Cell<V> cell = cells.get(key);
        if (cell == null) {
            misses.increment();
            return Optional.empty();
        }
        if (bounded) {
            index.noted(key, millis.getAsLong());
        }
        V value = cell.value;
        if (value != null) {
            hits.increment();
            return Optional.of(value);
        }
        loads.increment();
        return load(key, cell);
    }

    /** What was put or removed meanwhile is newer than what the file said. */
    private Optional<V> load(String key, Cell<V> cell) throws IOException {
        V loaded = null;
        boolean damaged = false;
        try {
            loaded = decoded(files.read(key));
        } catch (NoSuchFileException e) {
            // not there, unless a change is under way
        } catch (DamagedException e) {
            damaged = e.ours();
        }
        boolean drop = false;
        Optional<V> found;
        lock.lock();
        try {
            Cell<V> current = cells.get(key);
            if (current == cell && cell.value == null) {
                cell.value = loaded;
                if (loaded == null) {
                    forget(key);
                    drop = damaged && !closed;
                }
            }
            if (drop) {
                var unused = writes.add(key, null);
            }
            found = current == null ? Optional.empty() : Optional.ofNullable(current.value);
        } finally {
            lock.unlock();
        }
        if (drop) {
            writes.run(key);
        }
        return found;
    }

    private V decoded(byte[] bytes) throws IOException {
        try {
            return requireNonNull(decode.apply(bytes), "decode gave null");
        } catch (RuntimeException e) {
            throw new IOException(
                    "a value of " + bytes.length + " bytes cannot be decoded; was it written with another encoding?",
                    e);
        }
    }

    /** Puts a value into memory, and gives when it is on the disk; adds the keys that had to go for it. */
    WriteBehind.Change add(String key, V value, List<String> gone) {
        byte[] bytes = requireNonNull(encode.apply(requireNonNull(value, "value")), "encode gave null");
        long size = ValueFiles.size(KeyNames.meta(key), bytes);
        if (size > index.maxBytes()) {
            throw new IllegalArgumentException("a value must fit into maxBytes " + index.maxBytes() + ", was " + size
                    + " with its key and header");
        }
        lock.lock();
        try {
            ensureOpen();
            cells.computeIfAbsent(key, k -> new Cell<>()).value = value;
            index.noted(key, size, millis.getAsLong());
            WriteBehind.Change change = writes.add(key, bytes);
            gone.addAll(evict());
            return change;
        } finally {
            lock.unlock();
        }
    }

    /** Gives up what is too much; its files are to be removed. */
    private List<String> evict() {
        var gone = new ArrayList<String>();
        lock.lock();
        try {
            for (Index.Use use = index.pollIfTooMuch(); use != null; use = index.pollIfTooMuch()) {
                forget(use.name());
                var unused = writes.add(use.name(), null);
                gone.add(use.name());
            }
        } finally {
            lock.unlock();
        }
        evicted.add(gone.size());
        return gone;
    }

    private void forget(String key) {
        cells.remove(key);
        index.remove(key);
    }

    /** Removes a key from memory, and gives when its file is gone; null if there was none. */
    WriteBehind.@Nullable Change remove(String key) {
        lock.lock();
        try {
            ensureOpen();
            if (!cells.containsKey(key)) {
                return null;
            }
            forget(key);
            return writes.add(key, null);
        } finally {
            lock.unlock();
        }
    }

    int size() {
        return cells.size();
    }

    Set<String> keys() {
        return Set.copyOf(cells.keySet());
    }

    MapStats stats() {
        return new MapStats(
                size(),
                index.bytes(),
                hits.sum(),
                loads.sum(),
                misses.sum(),
                writes.written(),
                writes.coalesced(),
                writes.pending(),
                writes.unwritten(),
                writes.failures(),
                evicted.sum(),
                files.damaged());
    }

    /** From now on nothing changes; false if that was so already. */
    boolean end() {
        lock.lock();
        try {
            boolean first = !closed;
            closed = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** Tells the files when they were used, and gives up the directory. */
    void closeFiles() {
        try {
            for (Index.Use use : bounded ? index.unsaved() : List.<Index.Use>of()) {
                files.setUsed(use);
            }
        } catch (IOException e) {
            // the order of use is a little older, no more
        }
        files.close();
    }

    void ensureOpen() {
        if (closed) {
            throw new IllegalStateException("this PersistentMap is closed");
        }
    }

    @Override
    public String toString() {
        return files + ", " + size() + " keys, " + index.bytes() + " bytes";
    }

    String where() {
        return files.toString();
    }
}
