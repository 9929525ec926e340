package io.mutil.sqlshard;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** All rows, shard by shard, in the order of their keys; a page at a time, so that no connection is kept meanwhile. */
final class RowIterator<V> implements Iterator<Row<V>> {
    private static final int PAGE_ROWS = 256;
    private static final long PAGE_BYTES = 4 << 20;

    private final Store<V> store;
    private final Iterator<Shard> shards;
    private final Deque<Change> page = new ArrayDeque<>();
    private @Nullable Shard shard;
    private @Nullable ShardKey last;

    RowIterator(Store<V> store, Iterator<Shard> shards) {
        this.store = store;
        this.shards = shards;
    }

    /** The next row, or null after the last one. */
    @Nullable
    Row<V> nextOrNull() throws IOException, InterruptedException {
        return fill() ? row(page.removeFirst()) : null;
    }

    private Row<V> row(Change change) throws IOException {
        return new Row<>(change.key(), store.decoded(change).orElseThrow());
    }

    private boolean fill() throws IOException, InterruptedException {
        while (page.isEmpty()) {
            if (shard == null && !nextShard()) {
                return false;
            }
            readPage();
        }
        return true;
    }

    private boolean nextShard() throws IOException, InterruptedException {
        if (!shards.hasNext()) {
            return false;
        }
        Shard next = shards.next();
        next.settle();
        shard = next;
        last = null;
        return true;
    }

    private void readPage() throws IOException, InterruptedException {
        Shard current = shard;
        try {
            if (current != null && current.read(this::readPage)) {
                shard = null;
            }
        } catch (DamagedRowException e) {
            throw e.in(current.file());
        }
    }

    /** Whether it was the last one of its shard. */
    private boolean readPage(ReadConnection connection) throws SQLException, IOException {
        ShardKey after = last;
        Sql sql = connection.sql();
        PreparedStatement select = connection.prepared(after == null ? sql.firstPage() : sql.nextPage());
        select.setInt(after == null ? 1 : Columns.bind(select, 1, after), PAGE_ROWS);
        try (ResultSet rows = select.executeQuery()) {
            long bytes = 0;
            while (bytes < PAGE_BYTES && rows.next()) {
                var change = new Change(Columns.key(rows, sql.keyLength()), Columns.data(rows, sql.keyLength() + 1));
                page.addLast(change);
                bytes += change.size();
                last = change.key();
            }
            return page.isEmpty();
        }
    }

    /** As a stream that reads as it goes. */
    Stream<Row<V>> stream() {
        int traits = Spliterator.NONNULL | Spliterator.DISTINCT;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, traits), false);
    }

    @Override
    public boolean hasNext() {
        return Unchecked.call(this::fill);
    }

    @Override
    public Row<V> next() {
        Row<V> next = Unchecked.<@Nullable Row<V>>call(this::nextOrNull);
        if (next == null) {
            throw new NoSuchElementException("no row is left");
        }
        return next;
    }
}
