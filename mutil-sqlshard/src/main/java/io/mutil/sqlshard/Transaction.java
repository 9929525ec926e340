package io.mutil.sqlshard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a function of {@link SqlShard#transaction} reads and writes: rows of one shard. Reads see the function's own writes; others
 * see these all at once, after the function has returned and nothing that it read has changed.
 *
 * <p>For the thread that runs the function, until that returns.
 *
 * @param <V> the values
 */
public final class Transaction<V> {
    private final Store<V> store;
    private final Shard shard;
    private final Map<ShardKey, Change> seen = new HashMap<>();
    private final Map<ShardKey, Change> changes = new HashMap<>();
    private boolean ended;

    /**
     * A function over the rows of a shard.
     *
     * @param <V> the values
     * @param <R> what it returns
     */
    @FunctionalInterface
    public interface Work<V, R extends @Nullable Object> {
        /** Reads and writes rows; may be called again, so it changes nothing but these. */
        R run(Transaction<V> rows) throws IOException, InterruptedException;
    }

    Transaction(Store<V> store, Shard shard) {
        this.store = store;
        this.shard = shard;
    }

    /**
     * The value of a key.
     *
     * @throws IllegalArgumentException if the key belongs to another shard
     */
    public Optional<V> get(ShardKey key) throws IOException, InterruptedException {
        check(key);
        Change current = changes.get(key);
        if (current == null) {
            current = seen.get(key);
        }
        if (current == null) {
            current = new Change(key, shard.get(key));
            seen.put(key, current);
        }
        return store.decoded(current);
    }

    /**
     * Puts a value.
     *
     * @throws IllegalArgumentException if the key belongs to another shard, or the value cannot be written
     */
    public void put(ShardKey key, V value) {
        check(key);
        changes.put(key, store.encoded(key, value));
    }

    /**
     * Removes the row of a key, if there is one.
     *
     * @throws IllegalArgumentException if the key belongs to another shard
     */
    public void remove(ShardKey key) {
        check(key);
        changes.put(key, new Change(key, null));
    }

    private void check(ShardKey key) {
        if (ended) {
            throw new IllegalStateException("the transaction has ended; use it in its function only");
        }
        if (store.indexOf(key) != shard.index()) {
            throw new IllegalArgumentException(
                    "the key belongs to another shard than the transaction's " + shard.index()
                            + "; use keys with the same part " + store.shape().shardIndex());
        }
    }

    /** Nothing more may be done with it. */
    void end() {
        ended = true;
    }

    /** What was read, as it was. */
    List<Change> seen() {
        return new ArrayList<>(seen.values());
    }

    List<Change> changes() {
        return new ArrayList<>(changes.values());
    }
}
