package io.mutil.sqlshard;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A persistent map over N SQLite files.
 *
 * <p>One part of the key chooses the file; each is written by one thread at a time, in transactions that callers share, with a
 * few connections that read beside it. Files, keys and values are those of the Python library, unless another
 * {@link ValueCodec} is chosen. Other processes may use the same store at the same time.
 *
 * <p>A read sees every write of this process that returned before it began, and of another one all that has been committed.
 * All-or-nothing holds within a shard: for {@link #putAll} as far as its rows share one, and for {@link #transaction}.
 *
 * <p>Safe for many threads. A virtual thread has its reads and commits done by platform threads, so that it does not keep its
 * carrier from others; to open, to reshard and to close a stream early is done in the thread that calls.
 *
 * <p>Every method but {@link #close} throws {@link IllegalStateException} once the store is closed, and {@link IOException},
 * saying what to do, if a file cannot be read or written: what was committed stays, and puts that returned under
 * {@link Durability#behind} are tried again until the store is closed. A file that another process has locked is waited for
 * up to 10 seconds in every attempt; only after that the call fails. A call that is interrupted while it waits for its commit
 * leaves open whether it was done.
 *
 * <pre>{@code
 * record Price(double bid, double ask) {}
 *
 * try (SqlShard<Price> prices = SqlShard.open(dir, Price.class)) {
 *     ShardKey key = ShardKey.of("IBM", 1_700_000_000L, "nyse");
 *     prices.put(key, new Price(101.25, 101.5));
 *     Optional<Price> price = prices.get(key);
 * }
 * }</pre>
 *
 * @param <V> the values
 */
public final class SqlShard<V> implements AutoCloseable {
    private final Durability durability;
    private final ThreadFactory threads;
    private final Handoff handoff;
    private final FanOut fanOut;
    private final Store<V> store;
    private final OpenShards shards;
    private final Optimistic<V> optimistic;

    SqlShard(SqlShardBuilder<V> builder, CheckedStore checked) throws IOException {
        StoreShape shape = checked.shape();
        this.durability = builder.durability;
        this.threads = builder.threads;
        this.handoff = new Handoff(builder.handoffThreads(shape), threads);
        this.fanOut = new FanOut(Math.min(Shards.MAX_HANDOFF, shape.shards()), threads);
        this.shards =
                OpenShards.open(builder.directory, checked, builder.settings(shape, handoff), builder.skipDamaged);
        this.store = new Store<>(builder.directory, checked, builder.codec, shards);
        this.optimistic = new Optimistic<>(store);
    }

    /**
     * Opens the store in a directory with values as JSON, and makes one of 16 shards and three-part keys, the first of which
     * chooses the shard, if there is none.
     *
     * @param directory gets a directory {@code sqlshard}
     * @throws ShardFileException if what is there is no whole store
     */
    public static <V> SqlShard<V> open(Path directory, Class<V> type) throws IOException {
        return builder(directory, ValueCodec.json(type)).open();
    }

    /**
     * Gives a store another number of files; its rows stay as they are. Nobody may have it open, in this process or another, and
     * nobody can open it until this returns. The disk needs room for a second copy of it.
     *
     * <p>Works for stores of the Python library as well, which then say what they are, as with {@link SqlShardBuilder#adopt}; the
     * Python library has to be told the new number of shards. Backups from before keep the old number.
     *
     * <p>After a crash, even of the operating system, the store is there with either all old or all new files: the next
     * opening, or the next call of this, sees to it.
     *
     * <pre>{@code
     * SqlShard.reshard(dir, 32);
     * }</pre>
     *
     * @param directory what {@link #open} was given
     * @param shards 1 to 1024; that of now makes compact files of the same number
     * @throws ShardFileException if there is no whole store, or somebody has it open
     * @throws IOException if a file cannot be read or written; then the store is as it was
     * @throws InterruptedException if interrupted; then as well
     */
    public static void reshard(Path directory, int shards) throws IOException, InterruptedException {
        Resharding.run(directory, shards, Steps.UNWATCHED);
    }

    /** Begins to describe a store in a directory, which may exist. */
    public static <V> SqlShardBuilder<V> builder(Path directory, ValueCodec<V> codec) {
        return new SqlShardBuilder<>(directory, codec);
    }

    /**
     * Puts a value, whether there is one or not.
     *
     * @throws IllegalArgumentException if the key has another number of parts, or the value cannot be written
     */
    public void put(ShardKey key, V value) throws IOException, InterruptedException {
        shardOf(key).put(List.of(store.encoded(key, value)));
    }

    /**
     * Puts a value. Blocks while the queue of the shard is full. Many at once share their commits, for which they may wait half
     * a millisecond; one that comes alone does not.
     *
     * @return completes after the commit, whatever the durability; under {@link Durability#behind} that may take all its delay,
     *     unless something else has the shard written before, such as {@link #flush}. To cancel it does not undo the put.
     * @throws IllegalArgumentException as {@link #put} says
     */
    public CompletableFuture<@Nullable Void> putAsync(ShardKey key, V value) {
        return writeAsync(key, Write.put(List.of(store.encoded(key, value))));
    }

    /**
     * Puts many values. The rows of one shard are one transaction; if this fails, those of other shards may have been put.
     *
     * @throws IllegalArgumentException as {@link #put} says; then nothing is put
     */
    public void putAll(Map<? extends ShardKey, ? extends V> rows) throws IOException, InterruptedException {
        Shards.putAll(store.encoded(rows));
    }

    /** The value of a key, if there is one. */
    public Optional<V> get(ShardKey key) throws IOException, InterruptedException {
        return store.decoded(new Change(key, shardOf(key).get(key)));
    }

    /**
     * The values of those keys that have one, in the order of the keys. They are read one after the other, each as
     * {@link #get} does; very many on a slow disk are read faster by several threads that share them.
     */
    public Map<ShardKey, V> getAll(Collection<ShardKey> keys) throws IOException, InterruptedException {
        Map<ShardKey, V> found = new LinkedHashMap<>();
        for (ShardKey key : keys) {
            get(key).ifPresent(value -> found.put(key, value));
        }
        return found;
    }

    /** Whether the key has a value. */
    public boolean containsKey(ShardKey key) throws IOException, InterruptedException {
        return shardOf(key).contains(key);
    }

    /** Removes the value of a key; returns whether there was one. */
    public boolean remove(ShardKey key) throws IOException, InterruptedException {
        return shardOf(key).write(removal(key));
    }

    /**
     * Removes the value of a key. Blocks while the queue of the shard is full.
     *
     * @return completes with whether there was one, when {@link #putAsync} says. To cancel it does not undo the removal.
     */
    public CompletableFuture<Boolean> removeAsync(ShardKey key) {
        return writeAsync(key, removal(key));
    }

    private <R extends @Nullable Object> CompletableFuture<R> writeAsync(ShardKey key, Write<R> write) {
        try {
            return shardOf(key).writeAsync(write);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Write<Boolean> removal(ShardKey key) {
        return Write.of(1, new Change(key, null).size(), connection -> connection.delete(key));
    }

    /**
     * Puts a value if the key has none.
     *
     * @return what the key has already; empty if the value was put
     */
    public Optional<V> putIfAbsent(ShardKey key, V value) throws IOException, InterruptedException {
        return store.decoded(new Change(key, shardOf(key).write(insertion(store.encoded(key, value)))));
    }

    private static Write<byte @Nullable []> insertion(Change row) {
        byte[] data = requireNonNull(row.data());
        return Write.of(
                1,
                row.size(),
                connection -> connection.putIfAbsent(row.key(), data) ? null : connection.get(row.key()));
    }

    /**
     * Replaces the value of a key by what a function makes of it: empty stands for no value, on both sides. No other change of
     * the key comes between, in this process or another.
     *
     * @param change runs in this thread, and again if the value has changed meanwhile, so it should do nothing else; what it
     *     throws is thrown
     * @return what the function returned last
     */
    public Optional<V> compute(ShardKey key, Function<Optional<V>, Optional<V>> change)
            throws IOException, InterruptedException {
        return optimistic.compute(shardOf(key), key, change);
    }

    /**
     * Reads and writes rows of one shard, all or nothing, as if nobody else wrote meanwhile.
     *
     * <pre>{@code
     * ShardKey from = ShardKey.of("account", 1L, "eur");
     * ShardKey to = ShardKey.of("account", 2L, "eur");
     * store.transaction(from, rows -> {
     *     rows.put(to, rows.get(from).orElseThrow());
     *     rows.remove(from);
     *     return null;
     * });
     * }</pre>
     *
     * @param any any key of the shard
     * @param work runs in this thread, and again if what it read has changed meanwhile, so it should change nothing else; what
     *     it throws is thrown, and nothing is written then
     * @return what the function returned last
     */
    public <R extends @Nullable Object> R transaction(ShardKey any, Transaction.Work<V, R> work)
            throws IOException, InterruptedException {
        return optimistic.transaction(shardOf(any), work);
    }

    /** Number of rows; each shard is asked in turn, and counts its own. */
    public long size() throws IOException, InterruptedException {
        long size = 0;
        for (Shard shard : allShards()) {
            shard.settle();
            size += shard.read(Shards::count);
        }
        return size;
    }

    /** Removes every row; each shard's in one transaction. */
    public void clear() throws IOException, InterruptedException {
        Shards.clear(allShards());
    }

    /**
     * Calls back with every row, shard by shard, and within one in the order of the keys. Rows that are put or removed
     * meanwhile may be seen or not; all others are seen once. Nothing is held while the callback runs.
     */
    public void forEach(Consumer<? super Row<V>> action) throws IOException, InterruptedException {
        RowIterator<V> rows = store.rows();
        for (Row<V> row = rows.nextOrNull(); row != null; row = rows.nextOrNull()) {
            action.accept(row);
        }
    }

    /**
     * Every row, as {@link #forEach} has them, read as the stream goes; need not be closed. What fails is thrown as
     * {@link java.io.UncheckedIOException}.
     */
    public Stream<Row<V>> stream() {
        return store.rows().stream();
    }

    /** Begins to describe rows by a range of keys. */
    public Scan<V> scan() {
        return Scan.of(store);
    }

    /**
     * The rows whose key begins with a part and whose second part lies between two bounds, both included: short for
     * {@code scan().prefix(first).from(from).to(to).stream()}.
     *
     * <pre>{@code
     * try (Stream<Row<JsonNode>> rows = store.range("IBM", 1_700_000_000L, 1_700_086_399L)) {
     *     double highest = rows.mapToDouble(row -> row.value().get("ask").asDouble()).max().orElse(0);
     * }
     * }</pre>
     *
     * @return as {@link Scan#stream} says; to be closed
     * @throws IllegalArgumentException if keys have one part only, or one of these can be no part
     */
    public Stream<Row<V>> range(Object first, Object from, Object to) throws IOException, InterruptedException {
        return scan().prefix(first).from(from).to(to).stream();
    }

    /**
     * Removes all rows whose second key part is below a bound in the order of {@link ShardKey}, so that a bound that is text
     * removes all numbers as well. All shards do so at once, a few hundred rows in a transaction, so that other writes come between.
     * If it fails, or is interrupted, some may have been removed.
     *
     * @return how many were removed
     * @throws IllegalArgumentException if keys have one part only, or this can be no part
     */
    public long prune(Object before) throws IOException, InterruptedException {
        if (keyLength() < 2) {
            throw new IllegalArgumentException(
                    "keys of this store have one part, prune looks at the second; use scan()");
        }
        long removed = 0;
        for (long each : fanOut.call(allShards(), new Pruning(KeyPart.checked(before, 1)))) {
            removed += each;
        }
        return removed;
    }

    /**
     * Asks every shard at once, and returns the rows of all of them, those of the first shard first. They must fit into memory.
     *
     * <p>The table is {@code db}, its columns are {@code key_0}, {@code key_1} and so on, and {@code data}, which
     * {@link ValueCodec#decode} reads. If one shard fails, the others are cancelled and nothing is returned.
     *
     * <pre>{@code
     * List<String> symbols = store.query(
     *         "SELECT DISTINCT key_0 FROM db WHERE key_1 >= ?", List.of(1_700_000_000L), row -> row.getString(1));
     * }</pre>
     *
     * @param sql one statement that reads
     * @param parameters for each {@code ?} a {@code byte[]}, a {@code String}, or a number as in {@link ShardKey#of}
     * @param mapper runs in threads of the store, for several shards at once, and must not call the store
     * @throws IllegalArgumentException if the statement would write, has another number of parameters, or is none
     */
    public <T> List<T> query(String sql, List<?> parameters, RowMapper<? extends T> mapper)
            throws IOException, InterruptedException {
        return query(sql, parameters, mapper, Collectors.toList());
    }

    /**
     * Asks every shard at once, and collects the rows of each as they come, and then what was collected of all; the rows need
     * not fit into memory.
     *
     * <pre>{@code
     * long rows = store.query(
     *         "SELECT count(*) FROM db WHERE key_2 = ?",
     *         List.of("nyse"),
     *         row -> row.getLong(1),
     *         Collectors.summingLong(count -> count));
     * }</pre>
     *
     * @param sql as for {@link #query(String, List, RowMapper)}, like all else
     */
    public <T, A, R> R query(
            String sql, List<?> parameters, RowMapper<? extends T> mapper, Collector<? super T, A, R> collector)
            throws IOException, InterruptedException {
        return Query.run(fanOut, allShards(), new Query<>(sql, parameters, mapper, collector), collector);
    }

    /**
     * The store as a map, whose changes are changes of the store. Its iteration is that of {@link #forEach}; it allows
     * neither null keys nor null values; every method but {@code putAll}, {@code replaceAll} and {@code clear} is atomic, but
     * functions may run more than once. Arrays are compared by what is in them.
     *
     * <p>A method that returns or compares the value from before changes nothing if that cannot be read; {@link #put} does not
     * look at it. What fails is thrown as {@link java.io.UncheckedIOException}; an interrupt as well, with the thread's flag set.
     */
    public ConcurrentMap<ShardKey, V> asMap() {
        return new MapView<>(this, store::rows);
    }

    /**
     * Waits until everything that was accepted before is committed and has reached the disk, so that it also survives a loss
     * of power.
     *
     * @throws IOException if some of it cannot be written now; it is kept and tried again
     */
    public void flush() throws IOException, InterruptedException {
        Shards.flush(shards.sound());
    }

    /** What happened since the store was opened, and what waits. */
    public StoreStats stats() {
        return shards.stats();
    }

    /**
     * Looks for damage: SQLite's integrity check of every file, its metadata, and of every row whether its key belongs to its
     * shard and its value can be read. Shards are checked at the same time; reads and writes go on meanwhile. Takes as long as
     * it takes to read everything.
     *
     * <pre>{@code
     * StoreReport report = store.check();
     * if (!report.isSound()) {
     *     System.err.println(report);
     * }
     * }</pre>
     *
     * @return what was found, also about shards that were damaged when the store was opened
     * @throws IOException if puts that have returned cannot be written
     */
    public StoreReport check() throws IOException, InterruptedException {
        return store.check(threads);
    }

    /**
     * Copies the store into another directory, where it opens as a store of its own; reads and writes go on meanwhile. Each
     * file is copied as it is at one moment, with all puts that had returned before this call, but these moments differ from
     * shard to shard. The copy has reached the disk when this returns. It keeps the identity of the store, so that a file of it can
     * take the place of a damaged one.
     *
     * <p>A backup that fails leaves nothing; one that is cut short by the end of the process leaves a directory
     * {@code .sqlshard-backup-...} beside the target, to be deleted. While a file is copied its log grows with what is
     * written.
     *
     * <pre>{@code
     * store.backup(Path.of("/backup/2026-08-01"));
     * }</pre>
     *
     * @param target gets a directory {@code sqlshard}; made if it does not exist
     * @throws ShardFileException if there is one already, or a shard is damaged
     * @throws IOException if a file cannot be read or written; then nothing is left
     */
    public void backup(Path target) throws IOException, InterruptedException {
        backup(target, Steps.UNWATCHED);
    }

    void backup(Path target, Steps steps) throws IOException, InterruptedException {
        new Backup(shards.whole(), new StoreDirectory(target), threads, steps).run();
    }

    /** Number of files. */
    public int shards() {
        return store.shape().shards();
    }

    /** Number of parts of every key. */
    public int keyLength() {
        return store.shape().keyLength();
    }

    /** Which part of the key chooses the shard; 0 is the first. */
    public int shardIndex() {
        return store.shape().shardIndex();
    }

    /**
     * Accepts nothing more, writes what was accepted, ends the threads that write and closes the files. Calls under way end as
     * they would have, and what they read from is closed when they do; so a {@link #reshard} right after this may still find the
     * store open. Calls that wait for room in a queue fail. Closing again does no more, and says the same about what was lost.
     *
     * @throws IOException if a file cannot be closed, or puts that had returned under {@link Durability#behind} cannot be
     *     written, which are lost then
     */
    @Override
    public void close() throws IOException {
        try {
            Shards.close(shards.sound());
        } finally {
            handoff.close();
            fanOut.close();
        }
    }

    Shard shardOf(ShardKey key) throws ShardFileException {
        return store.shardOf(key);
    }

    /** Those that a question to the whole store goes to. */
    List<Shard> allShards() throws ShardFileException {
        return shards.asked();
    }

    @Override
    public String toString() {
        return "SqlShard[" + store + ", " + durability + "]";
    }
}
