package io.mutil.bench.lru;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;

/** Guava's cache. */
final class GuavaLru implements Lru {
    private final Cache<String, String> cache;

    GuavaLru(int capacity) {
        cache = CacheBuilder.newBuilder().maximumSize(capacity).build();
    }

    @Override
    public boolean touch(String key) {
        return cache.getIfPresent(key) != null;
    }

    @Override
    public void add(String key) {
        cache.put(key, key);
    }
}
