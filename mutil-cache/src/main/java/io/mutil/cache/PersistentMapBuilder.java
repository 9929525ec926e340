package io.mutil.cache;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Choices for a {@link PersistentMap}. Single use, not thread-safe.
 *
 * @param <V> the values
 */
public final class PersistentMapBuilder<V> {
    private final Folder folder;
    private final Function<? super V, byte[]> encode;
    private final Function<byte[], ? extends V> decode;
    private long maxEntries = Long.MAX_VALUE;
    private long maxBytes = Long.MAX_VALUE;
    private int maxWaiting = 1024;
    private @Nullable Executor executor;

    PersistentMapBuilder(Path directory, Function<? super V, byte[]> encode, Function<byte[], ? extends V> decode) {
        this(new NioFolder(requireNonNull(directory, "directory")), encode, decode);
    }

    PersistentMapBuilder(Folder folder, Function<? super V, byte[]> encode, Function<byte[], ? extends V> decode) {
        this.folder = folder;
        this.encode = requireNonNull(encode, "encode");
        this.decode = requireNonNull(decode, "decode");
    }

    /** How many keys there may be; what was not used for longest is removed for new ones. Default: no bound. */
    public PersistentMapBuilder<V> maxEntries(long entries) {
        maxEntries = checkPositive("maxEntries", entries);
        return this;
    }

    /** How large all files together may be; what was not used for longest is removed for new ones. Default: no bound. */
    public PersistentMapBuilder<V> maxBytes(long bytes) {
        maxBytes = checkPositive("maxBytes", bytes);
        return this;
    }

    /**
     * Of how many keys values may wait to be written. With more than that {@link PersistentMap#putAsync} writes on its own
     * thread. Default 1024.
     */
    public PersistentMapBuilder<V> maxWaiting(int keys) {
        maxWaiting = (int) checkPositive("maxWaiting", keys);
        return this;
    }

    private static long checkPositive(String what, long x) {
        if (x < 1) {
            throw new IllegalArgumentException(what + " must be positive, was " + x);
        }
        return x;
    }

    /**
     * Writes what is put asynchronously. What it refuses the thread that puts it writes, and what it drops {@link
     * PersistentMap#flush} or {@link PersistentMap#close}. Default: up to four daemon threads named {@code persistent-map}.
     */
    public PersistentMapBuilder<V> executor(Executor executor) {
        this.executor = requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Opens the map, with what the directory holds.
     *
     * @throws IOException if the directory cannot be read and written, or is in use by another map
     */
    public PersistentMap<V> open() throws IOException {
        ValueFiles files = ValueFiles.open(folder, System::currentTimeMillis);
        var index = new Index(maxBytes, maxEntries);
        boolean bounded = maxBytes < Long.MAX_VALUE || maxEntries < Long.MAX_VALUE;
        ThreadPoolExecutor own = executor == null ? PersistentMap.writers() : null;
        Executor writers = executor == null ? requireNonNull(own) : executor;
        try {
            var store = new MapStore<V>(
                    files, index, bounded, encode, decode, writers, maxWaiting, System::currentTimeMillis);
            store.list();
            return new PersistentMap<>(store, own);
        } catch (IOException | RuntimeException | Error e) {
            files.close();
            throw e;
        }
    }
}
