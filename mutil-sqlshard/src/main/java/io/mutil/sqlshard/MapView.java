package io.mutil.sqlshard;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** A store as a map of the JDK. */
final class MapView<V> extends AbstractMap<ShardKey, V> implements ConcurrentMap<ShardKey, V> {
    private final SqlShard<V> store;

    MapView(SqlShard<V> store) {
        this.store = store;
    }

    /** Null for what can be no key of this store. */
    private @Nullable ShardKey key(Object key) {
        return key instanceof ShardKey own && own.length() == store.keyLength() ? own : null;
    }

    @Override
    public @Nullable V get(Object key) {
        ShardKey own = key(key);
        return own == null ? null : Unchecked.call(() -> store.get(own)).orElse(null);
    }

    @Override
    public boolean containsKey(Object key) {
        ShardKey own = key(key);
        return own != null && Unchecked.call(() -> store.containsKey(own));
    }

    @Override
    public @Nullable V put(ShardKey key, V value) {
        return Unchecked.call(() -> store.exchange(store.encoded(key, value))).orElse(null);
    }

    @Override
    public void putAll(Map<? extends ShardKey, ? extends V> rows) {
        Unchecked.<@Nullable Void>call(() -> {
            store.putAll(rows);
            return null;
        });
    }

    @Override
    public @Nullable V remove(Object key) {
        ShardKey own = key(key);
        return own == null
                ? null
                : Unchecked.call(() -> store.exchange(new Change(own, null))).orElse(null);
    }

    @Override
    public @Nullable V putIfAbsent(ShardKey key, V value) {
        return Unchecked.call(() -> store.putIfAbsent(key, value)).orElse(null);
    }

    @Override
    public boolean remove(Object key, @Nullable Object value) {
        ShardKey own = key(key);
        return own != null && value != null && replaceIf(own, value, Optional.empty());
    }

    @Override
    public boolean replace(ShardKey key, V old, V value) {
        return replaceIf(key, old, Optional.of(value));
    }

    private boolean replaceIf(ShardKey key, Object old, Optional<V> value) {
        var replaced = new boolean[1];
        var unused = Unchecked.call(() -> store.compute(key, current -> {
            replaced[0] = current.isPresent() && same(current.get(), old);
            return replaced[0] ? value : current;
        }));
        return replaced[0];
    }

    private static boolean same(Object a, Object b) {
        return Objects.deepEquals(a, b);
    }

    @Override
    public @Nullable V replace(ShardKey key, V value) {
        var old = new Object() {
            Optional<V> value = Optional.empty();
        };
        var unused = Unchecked.call(() -> store.compute(key, current -> {
            old.value = current;
            return current.isPresent() ? Optional.of(value) : current;
        }));
        return old.value.orElse(null);
    }

    @Override
    public int size() {
        return (int) Math.min(Integer.MAX_VALUE, Unchecked.call(store::size));
    }

    @Override
    public boolean isEmpty() {
        return !store.rows().hasNext();
    }

    @Override
    public void clear() {
        Unchecked.<@Nullable Void>call(() -> {
            store.clear();
            return null;
        });
    }

    @Override
    public Set<Entry<ShardKey, V>> entrySet() {
        return new Entries();
    }

    private final class Entries extends AbstractSet<Entry<ShardKey, V>> {
        @Override
        public Iterator<Entry<ShardKey, V>> iterator() {
            return new EntryIterator();
        }

        @Override
        public int size() {
            return MapView.this.size();
        }

        @Override
        public boolean isEmpty() {
            return MapView.this.isEmpty();
        }

        @Override
        public void clear() {
            MapView.this.clear();
        }

        @Override
        public boolean contains(Object entry) {
            return entry instanceof Entry<?, ?> e && isThere(e.getKey(), e.getValue());
        }

        private boolean isThere(Object key, Object value) {
            V current = get(key);
            return current != null && same(current, value);
        }

        @Override
        public boolean remove(Object entry) {
            return entry instanceof Entry<?, ?> e && MapView.this.remove(e.getKey(), e.getValue());
        }
    }

    private final class EntryIterator implements Iterator<Entry<ShardKey, V>> {
        private final RowIterator<V> rows = store.rows();
        private @Nullable ShardKey last;

        @Override
        public boolean hasNext() {
            return rows.hasNext();
        }

        @Override
        public Entry<ShardKey, V> next() {
            Row<V> row = rows.next();
            last = row.key();
            return new MapEntry(row);
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

    private final class MapEntry extends SimpleEntry<ShardKey, V> {
        MapEntry(Row<V> row) {
            super(row.key(), row.value());
        }

        @Override
        public V setValue(V value) {
            MapView.this.put(getKey(), value);
            return super.setValue(value);
        }
    }
}
