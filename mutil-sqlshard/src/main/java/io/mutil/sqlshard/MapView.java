package io.mutil.sqlshard;

import static java.util.Objects.requireNonNull;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store as a map of the JDK. */
final class MapView<V> extends AbstractMap<ShardKey, V> implements ConcurrentMap<ShardKey, V> {
    private final SqlShard<V> store;
    private final Supplier<RowIterator<V>> allRows;

    MapView(SqlShard<V> store, Supplier<RowIterator<V>> allRows) {
        this.store = store;
        this.allRows = allRows;
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
        requireNonNull(value, "value");
        return exchange(key, old -> Optional.of(value));
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
        return own == null ? null : exchange(own, old -> Optional.empty());
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
        return replaceIf(key, requireNonNull(old, "old"), Optional.of(value));
    }

    private boolean replaceIf(ShardKey key, Object old, Optional<V> value) {
        var replaced = new boolean[1];
        var unused = change(key, current -> {
            replaced[0] = current.isPresent() && same(current.get(), old);
            return replaced[0] ? value : current;
        });
        return replaced[0];
    }

    /** Arrays by what is in them, as every reading makes new ones. */
    private static boolean same(Object a, Object b) {
        return Objects.deepEquals(a, b);
    }

    @Override
    public @Nullable V replace(ShardKey key, V value) {
        requireNonNull(value, "value");
        return exchange(key, old -> old.isPresent() ? Optional.of(value) : old);
    }

    /** Returns the value from before; if that cannot be read, nothing is changed. */
    private @Nullable V exchange(ShardKey key, Function<Optional<V>, Optional<V>> change) {
        var old = new Object() {
            Optional<V> value = Optional.empty();
        };
        var unused = change(key, current -> {
            old.value = current;
            return change.apply(current);
        });
        return old.value.orElse(null);
    }

    // The JDK's forms of these try again until the value equals what was read, which it may never do.

    @Override
    public @Nullable V compute(ShardKey key, BiFunction<? super ShardKey, ? super V, ? extends @Nullable V> function) {
        requireNonNull(function, "function");
        return change(key, old -> Optional.ofNullable(function.apply(key, old.orElse(null))));
    }

    @Override
    public @Nullable V computeIfPresent(
            ShardKey key, BiFunction<? super ShardKey, ? super V, ? extends @Nullable V> function) {
        requireNonNull(function, "function");
        return change(key, old -> old.map(value -> function.apply(key, value)));
    }

    @Override
    public @Nullable V merge(ShardKey key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
        requireNonNull(value, "value");
        requireNonNull(function, "function");
        return change(
                key,
                old -> old.isPresent() ? Optional.ofNullable(function.apply(old.get(), value)) : Optional.of(value));
    }

    @Override
    public void replaceAll(BiFunction<? super ShardKey, ? super V, ? extends V> function) {
        for (Iterator<ShardKey> keys = iterator(Row::key); keys.hasNext(); ) {
            ShardKey key = keys.next();
            change(key, old -> old.map(value -> requireNonNull(function.apply(key, value), "value")));
        }
    }

    private @Nullable V change(ShardKey key, Function<Optional<V>, Optional<V>> change) {
        return Unchecked.call(() -> store.compute(key, change)).orElse(null);
    }

    @Override
    public int size() {
        return (int) Math.min(Integer.MAX_VALUE, Unchecked.call(store::size));
    }

    @Override
    public boolean isEmpty() {
        return !allRows.get().hasNext();
    }

    @Override
    public void clear() {
        Unchecked.<@Nullable Void>call(() -> {
            store.clear();
            return null;
        });
    }

    @Override
    public boolean containsValue(Object value) {
        for (Iterator<V> values = iterator(Row::value); values.hasNext(); ) {
            if (same(values.next(), value)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Set<Entry<ShardKey, V>> entrySet() {
        return new Entries();
    }

    @Override
    public Set<ShardKey> keySet() {
        return new Keys();
    }

    private <T> Iterator<T> iterator(Function<Row<V>, T> form) {
        return new MapIterator<>(store, allRows.get(), form);
    }

    private abstract class View<T> extends AbstractSet<T> {
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
    }

    private final class Keys extends View<ShardKey> {
        @Override
        public Iterator<ShardKey> iterator() {
            return MapView.this.iterator(Row::key);
        }

        @Override
        public boolean contains(Object key) {
            return containsKey(key);
        }

        @Override
        public boolean remove(Object key) {
            ShardKey own = key(key);
            return own != null && Unchecked.call(() -> store.remove(own));
        }
    }

    private final class Entries extends View<Entry<ShardKey, V>> {
        @Override
        public Iterator<Entry<ShardKey, V>> iterator() {
            return MapView.this.iterator(MapEntry::new);
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
