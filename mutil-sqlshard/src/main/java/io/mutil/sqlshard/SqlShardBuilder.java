package io.mutil.sqlshard;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Describes a store. For one thread; {@link #open} may be called once.
 *
 * @param <V> the values
 */
public final class SqlShardBuilder<V> {
    final StoreDirectory directory;
    final ValueCodec<V> codec;
    private @Nullable Integer shards;
    private @Nullable Integer keyLength;
    private @Nullable Integer shardIndex;
    private boolean adopt;
    private boolean allowDamaged;
    boolean skipDamaged;
    Durability durability = Durability.group();
    private int readers = Shards.DEFAULT_READERS;
    private int queueLimit = Shards.DEFAULT_QUEUE;
    ThreadFactory threads = new DaemonThreads();
    private Executor callbacks = Shards.DEFAULT_CALLBACKS;

    SqlShardBuilder(Path directory, ValueCodec<V> codec) {
        this.directory = new StoreDirectory(directory);
        this.codec = requireNonNull(codec, "codec");
    }

    /** Number of files, 1 to 1024. Default what the directory has, 16 for a new store; {@link SqlShard#reshard} changes it. */
    public SqlShardBuilder<V> shards(int shards) {
        this.shards = Shards.inRange("shards", shards, 1, StoreShape.MAX_SHARDS);
        return this;
    }

    /** Number of parts of every key, 1 to 16. Default what the files have, 3 for a new store; never to be changed. */
    public SqlShardBuilder<V> keyLength(int parts) {
        this.keyLength = Shards.inRange("keyLength", parts, 1, StoreShape.MAX_KEY_LENGTH);
        return this;
    }

    /**
     * Which part of the key chooses the shard. Default what the files say, and 0, the first, for a new store and for
     * files of the Python library, which do not say; never to be changed.
     */
    public SqlShardBuilder<V> shardIndex(int part) {
        this.shardIndex = Shards.inRange("shardIndex", part, 0, StoreShape.MAX_KEY_LENGTH - 1);
        return this;
    }

    /** What a write that has returned survives. Default {@link Durability#group()}. */
    public SqlShardBuilder<V> durability(Durability durability) {
        this.durability = requireNonNull(durability, "durability");
        return this;
    }

    /** Most connections that read one shard at a time, 1 to 64; further reads wait. Default 4. */
    public SqlShardBuilder<V> readers(int perShard) {
        this.readers = Shards.inRange("readers", perShard, 1, 64);
        return this;
    }

    /**
     * Most rows that wait for the writer of one shard, 1 to 1,000,000; callers wait while it is full, or while it holds
     * 64 MiB. Default 10,000.
     */
    public SqlShardBuilder<V> queueLimit(int rowsPerShard) {
        this.queueLimit = Shards.inRange("queueLimit", rowsPerShard, 1, 1_000_000);
        return this;
    }

    /**
     * Lets files of the Python library say from now on what store they belong to, so that a later opening with another
     * shape, or with a file missing, is refused. The Python library still reads and writes them.
     */
    public SqlShardBuilder<V> adopt() {
        this.adopt = true;
        return this;
    }

    /**
     * Opens the store even if files of it are missing, damaged or not its own, as long as one is sound. What concerns only
     * sound shards works as ever; what concerns a damaged one, and so every question to the whole store, such as
     * {@link SqlShard#size}, {@link SqlShard#forEach} and {@link SqlShard#clear}, fails with its
     * {@link ShardFileException}. {@link SqlShard#stats} says which they are. Their files are not touched; a file that
     * was restored is used from the next opening on.
     *
     * <p>Damage inside a file that is found only when the rows concerned are read fails those reads, with or without this.
     */
    public SqlShardBuilder<V> allowDamagedShards() {
        this.allowDamaged = true;
        return this;
    }

    /**
     * As {@link #allowDamagedShards}, and leaves damaged shards out where the whole store is asked: so
     * {@link SqlShard#size} counts, {@link SqlShard#forEach} shows and {@link SqlShard#clear} removes the rows of the
     * others.
     */
    public SqlShardBuilder<V> skipDamagedShards() {
        this.skipDamaged = true;
        return allowDamagedShards();
    }

    /** Makes the threads that write, and those that read for virtual threads. Default daemons. They must be platform threads. */
    public SqlShardBuilder<V> threadFactory(ThreadFactory factory) {
        this.threads = new CheckedThreads(requireNonNull(factory, "factory"));
        return this;
    }

    /**
     * Completes futures, and so runs what hangs on them. Default the common pool of the JVM, which also does what this one
     * refuses or would run at once in the calling thread: that may be the one that writes, for which others wait.
     */
    public SqlShardBuilder<V> executor(Executor executor) {
        this.callbacks = requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Opens the store, or makes it if there is none; in this thread. A process that is killed while it makes one leaves a
     * directory {@code .sqlshard-new-...} beside it, to be deleted.
     *
     * @throws ShardFileException if what is there is no whole store, or one of another shape
     * @throws IllegalArgumentException if there is no key part of that shardIndex
     */
    public SqlShard<V> open() throws IOException {
        var requested = new Requested(shards, keyLength, shardIndex, adopt, allowDamaged);
        while (true) {
            CheckedStore checked = directory.open(requested);
            SqlShard<V> store = new SqlShard<>(this, checked);
            if (isOf(store, checked)) {
                return store;
            }
            // another process has changed the number of shards in between
            store.close();
        }
    }

    /** Whether the open files are those that were checked. */
    private boolean isOf(SqlShard<V> store, CheckedStore checked) throws IOException {
        try {
            return directory.isStill(checked);
        } catch (IOException | RuntimeException e) {
            closeAfter(e, store);
            throw e;
        }
    }

    private static void closeAfter(Exception failure, SqlShard<?> store) {
        try {
            store.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    Shard.Settings settings(StoreShape shape, Handoff handoff) {
        return new Shard.Settings(
                new Sql(shape.keyLength()),
                shape.shards(),
                durability,
                readers,
                queueLimit,
                handoff,
                threads,
                callbacks);
    }

    int handoffThreads(StoreShape shape) {
        return Math.min(Shards.MAX_HANDOFF, shape.shards() * readers);
    }
}
