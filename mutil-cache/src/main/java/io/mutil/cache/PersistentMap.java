package io.mutil.cache;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A map that is in memory and on a disk: reads come from memory, writes go to both.
 *
 * <pre>{@code
 * try (PersistentMap<byte[]> map = PersistentMap.open(Path.of("state"))) {
 *     map.put("cursor", new byte[] {1, 2, 3});
 *     Optional<byte[]> cursor = map.get("cursor");
 * }
 * }</pre>
 *
 * <p>Each key is one file, written whole before it takes its name. When {@link #put} returns the value is there after a crash and,
 * if the disk keeps its promises, after a loss of power. What {@link #putAsync} took and has not completed yet may be lost; then
 * the value before it is there, never half a value. A file that was damaged since is deleted, and its key is not there.
 *
 * <p>Opening reads the names and sizes of the files; a value is read when it is first asked for and then stays in memory. If a
 * bound is set, the keys that were not used for longest are removed from both. The directory belongs to one map of one process
 * at a time.
 *
 * <p>Safe for use by many threads. Values are shared between those who read them and must not be changed.
 *
 * @param <V> the values
 */
public final class PersistentMap<V> implements AutoCloseable {
    private static final int WRITERS = 4;

    private final MapStore<V> store;
    private final WriteBehind writes;
    private final @Nullable ThreadPoolExecutor own;
    private final KeyLocks locks = new KeyLocks();

    /**
     * Opens a map of bytes.
     *
     * @throws IOException if the directory cannot be read and written, or is in use by another map
     */
    public static PersistentMap<byte[]> open(Path directory) throws IOException {
        return open(directory, Function.<byte[]>identity(), Function.<byte[]>identity());
    }

    /**
     * Opens a map of values of any type.
     *
     * @param encode makes bytes of a value, on the thread that puts it
     * @param decode makes the value again
     * @throws IOException if the directory cannot be read and written, or is in use by another map
     */
    public static <V> PersistentMap<V> open(
            Path directory, Function<? super V, byte[]> encode, Function<byte[], ? extends V> decode)
            throws IOException {
        return PersistentMap.<V>builder(directory, encode, decode).open();
    }

    /**
     * Starts a map with choices.
     *
     * @param encode makes bytes of a value, on the thread that puts it
     * @param decode makes the value again
     */
    public static <V> PersistentMapBuilder<V> builder(
            Path directory, Function<? super V, byte[]> encode, Function<byte[], ? extends V> decode) {
        return new PersistentMapBuilder<>(directory, encode, decode);
    }

    PersistentMap(MapStore<V> store, @Nullable ThreadPoolExecutor own) {
        this.store = store;
        this.own = own;
        writes = store.writes();
    }

    /** The default for what is put asynchronously. */
    static ThreadPoolExecutor writers() {
        var pool = new ThreadPoolExecutor(WRITERS, WRITERS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            var thread = new Thread(task, "persistent-map");
            thread.setDaemon(true);
            return thread;
        });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    // ---- reading

    /**
     * The value of a key.
     *
     * @throws IOException if its file could not be read, or the bytes could not be decoded; they stay as they are
     * @throws IllegalStateException if this map is closed
     */
    public Optional<V> get(String key) throws IOException {
        return store.find(key);
    }

    /** How many keys there are. */
    public int size() {
        return store.size();
    }

    /** The keys at this moment, in no order. */
    public Set<String> keys() {
        return store.keys();
    }

    // ---- writing

    /**
     * Puts a value, and waits until it is on the disk. Others read it from memory at once.
     *
     * @throws IllegalArgumentException if the key is longer than 64 KiB, or the value larger than the map may be
     * @throws IllegalStateException if this map is closed
     * @throws IOException if it could not be written; it is in memory all the same, and {@link #flush} tries again
     * @throws InterruptedIOException if interrupted while another thread writes it, which goes on
     */
    public void put(String key, V value) throws IOException {
        List<String> gone = new ArrayList<>();
        WriteBehind.Change change = store.add(key, value, gone);
        writes.run(key);
        gone.forEach(writes::start);
        await(change);
    }

    /**
     * Puts a value, and leaves it to another thread to write it. While that is at an older one of the same key, only the newest
     * waits. If the values of too many keys wait, this thread writes.
     *
     * @return completes when this value, or a newer one in its place, is on the disk; on the thread that wrote it, which must not be
     *     kept. Cancelling it changes nothing else
     * @throws IllegalArgumentException if the key is longer than 64 KiB, or the value larger than the map may be
     * @throws IllegalStateException if this map is closed
     */
    public CompletableFuture<Void> putAsync(String key, V value) {
        List<String> gone = new ArrayList<>();
        CompletableFuture<Void> done = store.add(key, value, gone).done().thenRun(() -> {});
        writes.start(key);
        gone.forEach(writes::start);
        return done;
    }

    /**
     * Removes a key, and waits until its file is gone.
     *
     * @return whether it was there
     * @throws IllegalStateException if this map is closed
     * @throws IOException if the file could not be removed; the key is gone from memory all the same, and {@link #flush} tries
     *     again
     * @throws InterruptedIOException if interrupted while another thread is at it, which goes on
     */
    public boolean remove(String key) throws IOException {
        WriteBehind.Change change = store.remove(key);
        if (change == null) {
            return false;
        }
        await(change);
        return true;
    }

    /**
     * The value of a key; if there is none, computes and puts one. Of several threads that ask for the same key one computes,
     * with the {@linkplain #lock lock} of that key. If that fails the next one does.
     *
     * @throws IOException if it could not be read or written, as with {@link #get} and {@link #put}
     * @throws InterruptedException if interrupted while another thread has the lock
     */
    public V computeIfAbsent(String key, Function<? super String, ? extends V> function)
            throws IOException, InterruptedException {
        Optional<V> there = get(key);
        if (there.isPresent()) {
            return there.get();
        }
        KeyLock held = lock(key);
        try {
            there = get(key);
            if (there.isPresent()) {
                return there.get();
            }
            V value = requireNonNull(function.apply(key), "the function gave null");
            put(key, value);
            return value;
        } finally {
            held.close();
        }
    }

    private void await(WriteBehind.Change change) throws IOException {
        try {
            while (!change.done().isDone()) {
                var unused = writes.help(change)
                        .handle((nothing, failure) -> failure)
                        .get();
            }
            var unused = change.done().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var interrupted =
                    new InterruptedIOException("interrupted while another thread writes this key, which goes on");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            throw new IOException(
                    "a change is in memory but not on the disk; flush() tries again once the cause is gone",
                    e.getCause());
        }
    }

    // ---- locks

    /**
     * Waits for the lock of a key, in the order of those who ask.
     *
     * @throws InterruptedException if interrupted while waiting
     */
    public KeyLock lock(String key) throws InterruptedException {
        store.ensureOpen();
        return locks.lock(requireNonNull(key, "key"));
    }

    /**
     * Waits for the lock of a key no longer than that.
     *
     * @return empty if it was not to be had
     * @throws InterruptedException if interrupted while waiting
     */
    public Optional<KeyLock> tryLock(String key, Duration atMost) throws InterruptedException {
        store.ensureOpen();
        return locks.tryLock(requireNonNull(key, "key"), atMost);
    }

    // ---- the whole

    /**
     * Waits until all that was put and removed before is on the disk, and tries again what could not be written. What the executor
     * has not begun this thread writes.
     *
     * @throws IOException if something still could not be; it stays in memory
     * @throws InterruptedIOException if interrupted while waiting; what the executor has begun is written all the same
     */
    public void flush() throws IOException {
        IOException failure = null;
        for (WriteBehind.Change change : writes.retry()) {
            try {
                await(change);
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                failure = e;
            }
        }
        // a newer value may have been written where an older one could not
        if (failure != null && writes.unwritten() > 0) {
            throw failure;
        }
    }

    /** What this map has done, and what it holds. */
    public MapStats stats() {
        return store.stats();
    }

    /**
     * Writes what is left, whether the executor still runs or not, and closes the map. A second call does nothing. An interrupt is kept for later.
     *
     * @throws IOException if not all could be written; it is closed then too
     */
    @Override
    public void close() throws IOException {
        if (!store.end()) {
            return;
        }
        for (WriteBehind.Change change : writes.retry()) {
            while (!change.done().isDone()) {
                // waits for success and failure alike, and for neither less because of an interrupt
                var unused = writes.help(change)
                        .handle((nothing, failure) -> failure)
                        .join();
            }
        }
        long lost = writes.unwritten();
        end();
        if (lost > 0) {
            throw new IOException("values of " + lost + " keys could not be written to " + store.where()
                    + " and are lost; check its permissions and whether the disk is full");
        }
    }

    private void end() {
        if (own != null) {
            own.shutdown();
        }
        store.closeFiles();
    }

    @Override
    public String toString() {
        return "PersistentMap[" + store + "]";
    }
}
