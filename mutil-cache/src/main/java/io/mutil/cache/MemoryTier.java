package io.mutil.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Entries with small bodies, by how much they weigh. */
final class MemoryTier {
    /** What an entry takes besides its key and its body: maps, times, nodes of the cache. */
    private static final int OVERHEAD = 512;
    /** What a header takes besides its value. */
    private static final int HEADER = 128;

    private final @Nullable Cache<Key, Held> cache;
    private final int largest;
    private final AtomicLong epoch = new AtomicLong();

    /** @param largest body that it takes */
    MemoryTier(long bytes, int largest) {
        this.largest = largest;
        // the executor of the caller, so that there is no thread of which nobody knows
        this.cache = bytes == 0
                ? null
                : Caffeine.newBuilder()
                        .maximumWeight(bytes)
                        .weigher(MemoryTier::weight)
                        .executor(Runnable::run)
                        .build();
    }

    private static int weight(Key key, Held held) {
        long weight = OVERHEAD
                + (2L * key.length())
                + held.body().length()
                + headers(held.meta().headers());
        return (int) Math.min(Integer.MAX_VALUE, weight);
    }

    /** They are of the origin's making, and may be as long as it likes. */
    private static long headers(Map<String, List<String>> headers) {
        long weight = 0;
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            for (String value : header.getValue()) {
                weight += HEADER + (2L * value.length());
            }
        }
        return weight;
    }

    @Nullable
    Held get(Key key) {
        return cache == null ? null : cache.getIfPresent(key);
    }

    /** To be given back with what is read from the disk now. */
    long epoch() {
        return epoch.get();
    }

    /** Unless something was removed or replaced since that epoch, or there is a newer one. */
    void put(Key key, Held held, long seen) {
        if (cache != null && held.body() instanceof Body.InMemory body && body.length() <= largest) {
            var unused = cache.asMap().compute(key, (k, old) -> epoch.get() != seen || isNewer(old, held) ? old : held);
        }
    }

    private static boolean isNewer(@Nullable Held old, Held held) {
        return old != null && old.meta().storedAt() > held.meta().storedAt();
    }

    /** Whatever was there. */
    void replace(Key key, Held held) {
        if (cache != null && held.body() instanceof Body.InMemory body && body.length() <= largest) {
            epoch.incrementAndGet();
            cache.put(key, held);
        } else {
            remove(key);
        }
    }

    void remove(Key key) {
        epoch.incrementAndGet();
        if (cache != null) {
            cache.invalidate(key);
        }
    }

    void clear() {
        epoch.incrementAndGet();
        if (cache != null) {
            cache.invalidateAll();
        }
    }

    long bytes() {
        return cache == null
                ? 0
                : cache.policy().eviction().map(MemoryTier::weighed).orElse(0L);
    }

    private static long weighed(Policy.Eviction<Key, Held> eviction) {
        return eviction.weightedSize().orElse(0);
    }

    long entries() {
        return cache == null ? 0 : cache.estimatedSize();
    }
}
