package io.mutil.sqlshard;

import java.util.HashMap;
import java.util.Map;

/**
 * What one thread does to a store that is to be killed: a sequence that is known in advance, so that the rows tell how far it
 * came. All its rows are in one shard.
 */
final class CrashOps {
    private static final int KEYS = 20;

    private final String name;

    CrashOps(String name) {
        this.name = name;
    }

    private ShardKey key(int i) {
        return ShardKey.of(name, Math.floorMod(i * 7 + i / KEYS, KEYS), "x");
    }

    private String value(int i) {
        return name + " " + i;
    }

    /** The i-th change of the store. */
    void apply(SqlShard<String> store, int i) throws Exception {
        String value = value(i);
        switch (i % 7) {
            case 4 -> store.remove(key(i));
            case 5 -> store.putAll(Map.of(key(i), value, key(i + 1), value));
            case 6 -> putAndRemove(store, i, value);
            default -> store.put(key(i), value);
        }
    }

    private void putAndRemove(SqlShard<String> store, int i, String value) throws Exception {
        var unused = store.transaction(key(i), rows -> {
            rows.put(key(i), value);
            rows.remove(key(i + 2));
            return value;
        });
    }

    /** The same change of a map. */
    private void apply(Map<ShardKey, String> model, int i) {
        switch (i % 7) {
            case 4 -> model.remove(key(i));
            case 5 -> {
                model.put(key(i), value(i));
                model.put(key(i + 1), value(i));
            }
            case 6 -> {
                model.put(key(i), value(i));
                model.remove(key(i + 2));
            }
            default -> model.put(key(i), value(i));
        }
    }

    /** Whether the store is as after some number of changes, and at least so many. */
    boolean isPrefix(SqlShard<String> store, int atLeast, int atMost) throws Exception {
        Map<ShardKey, String> rows = rows(store);
        Map<ShardKey, String> model = new HashMap<>();
        for (int done = 0; done <= atMost; done++) {
            if (done >= atLeast && model.equals(rows)) {
                return true;
            }
            apply(model, done);
        }
        return false;
    }

    private Map<ShardKey, String> rows(SqlShard<String> store) throws Exception {
        Map<ShardKey, String> rows = new HashMap<>();
        for (int i = 0; i < KEYS; i++) {
            ShardKey key = ShardKey.of(name, i, "x");
            store.get(key).ifPresent(value -> rows.put(key, value));
        }
        return rows;
    }
}
