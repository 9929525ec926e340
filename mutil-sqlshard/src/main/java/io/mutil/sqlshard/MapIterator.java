package io.mutil.sqlshard;

import java.util.Iterator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of a store as a view of its map has them. */
final class MapIterator<V, T> implements Iterator<T> {
    private final SqlShard<V> store;
    private final RowIterator<V> rows;
    private final Function<Row<V>, T> form;
    private @Nullable ShardKey last;

    MapIterator(SqlShard<V> store, RowIterator<V> rows, Function<Row<V>, T> form) {
        this.store = store;
        this.rows = rows;
        this.form = form;
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public T next() {
        Row<V> row = rows.next();
        last = row.key();
        return form.apply(row);
    }

    @Override
    public void remove() {
        ShardKey key = last;
        if (key == null) {
            throw new IllegalStateException("next() has not been called since the last removal; call it first");
        }
        last = null;
        var unused = Unchecked.call(() -> store.remove(key));
    }
}
