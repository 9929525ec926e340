package io.mutil.bench.lru;

import io.mutil.s4lru.S4Lru;
import io.mutil.s4lru.S4LruBuilder;
import java.io.IOException;

/** Ours. Sizes are one, so the capacity is a number of keys. */
final class MutilLru implements Lru {
    private final S4Lru lru;

    MutilLru(S4LruBuilder builder) throws IOException {
        lru = builder.open();
    }

    @Override
    public boolean touch(String key) {
        return lru.touch(key, 1);
    }

    @Override
    public void add(String key) {
        var unused = request(key);
    }

    @Override
    public boolean request(String key) {
        boolean hit = lru.touch(key, 1);
        if (!hit) {
            var unused = lru.evict();
        }
        return hit;
    }

    @Override
    public void flush() throws IOException, InterruptedException {
        lru.flush();
    }

    @Override
    public void close() throws IOException {
        lru.close();
    }
}
