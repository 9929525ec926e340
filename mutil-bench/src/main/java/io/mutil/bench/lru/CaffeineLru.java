package io.mutil.bench.lru;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/** Caffeine. */
final class CaffeineLru implements Lru {
    private final Cache<String, String> cache;

    /** With its own threads for what it does later. */
    static CaffeineLru inBackground(int capacity) {
        return new CaffeineLru(Caffeine.newBuilder().maximumSize(capacity));
    }

    /** Does everything at once, so that traces give the same result every time, but for its dice. */
    static CaffeineLru atOnce(int capacity) {
        return new CaffeineLru(Caffeine.newBuilder().maximumSize(capacity).executor(Runnable::run));
    }

    private CaffeineLru(Caffeine<Object, Object> builder) {
        cache = builder.build();
    }

    @Override
    public boolean touch(String key) {
        return cache.getIfPresent(key) != null;
    }

    @Override
    public void add(String key) {
        cache.put(key, key);
    }

    @Override
    public void flush() {
        cache.cleanUp();
    }
}
