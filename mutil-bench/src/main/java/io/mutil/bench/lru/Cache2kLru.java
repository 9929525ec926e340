package io.mutil.bench.lru;

import org.cache2k.Cache;
import org.cache2k.Cache2kBuilder;

/** cache2k, whose entries stay until there are too many. */
final class Cache2kLru implements Lru {
    private final Cache<String, String> cache;

    Cache2kLru(int capacity) {
        cache = Cache2kBuilder.of(String.class, String.class)
                .entryCapacity(capacity)
                .eternal(true)
                .build();
    }

    @Override
    public boolean touch(String key) {
        return cache.peek(key) != null;
    }

    @Override
    public void add(String key) {
        cache.put(key, key);
    }

    @Override
    public void close() {
        cache.close();
    }
}
