package io.mutil.sqlshard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/** The files of an open store: where each row is, and what it says. */
final class Store<V> {
    private final StoreDirectory directory;
    private final CheckedStore checked;
    private final ValueCodec<V> codec;
    private final OpenShards shards;

    Store(StoreDirectory directory, CheckedStore checked, ValueCodec<V> codec, OpenShards shards) {
        this.directory = directory;
        this.checked = checked;
        this.codec = codec;
        this.shards = shards;
    }

    StoreShape shape() {
        return checked.shape();
    }

    OpenShards shards() {
        return shards;
    }

    Shard shardOf(ShardKey key) throws ShardFileException {
        return shards.get(indexOf(key));
    }

    int indexOf(ShardKey key) {
        return shape().shardOf(key);
    }

    /** Those that can have keys with a prefix. */
    List<Shard> shardsOf(List<Object> prefix) throws IOException {
        return prefix.size() > shape().shardIndex()
                ? List.of(shards.get(shape().shardOfPart(prefix.get(shape().shardIndex()))))
                : shards.asked();
    }

    /** A row to be put. */
    Change encoded(ShardKey key, V value) {
        return new Change(key, codec.encode(value));
    }

    /** Rows to be put, by where they are kept. */
    Map<Shard, List<Change>> encoded(Map<? extends ShardKey, ? extends V> rows) throws ShardFileException {
        Map<Shard, List<Change>> parts = new LinkedHashMap<>();
        for (Map.Entry<? extends ShardKey, ? extends V> row : rows.entrySet()) {
            Change put = encoded(row.getKey(), row.getValue());
            parts.computeIfAbsent(shardOf(put.key()), shard -> new ArrayList<>())
                    .add(put);
        }
        return parts;
    }

    /** The value of a row, if there is one. */
    Optional<V> decoded(Change row) throws IOException {
        byte[] data = row.data();
        try {
            return data == null ? Optional.empty() : Optional.of(codec.decode(data));
        } catch (DamagedRowException e) {
            throw e.in(directory.file(indexOf(row.key())));
        }
    }

    /** Every row, shard by shard. */
    RowIterator<V> rows() {
        return new RowIterator<>(this, Unchecked.call(shards::asked).iterator());
    }

    StoreReport check(ThreadFactory threads) throws IOException, InterruptedException {
        List<ShardReport> found =
                Parallel.each(shards.sound(), threads, shard -> new ShardCheck(shard, checked, codec).run());
        return shards.report(found, directory);
    }

    @Override
    public String toString() {
        return directory.root() + ", " + shape().shards() + " shards, " + codec;
    }
}
