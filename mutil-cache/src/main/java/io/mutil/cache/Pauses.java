package io.mutil.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Keys whose fetch failed a moment ago. Who gets a stale answer then does not have it fetched again beside: an origin that refuses
 * at once would be asked as often as callers come.
 */
final class Pauses {
    static final long MILLIS = 1000;
    private static final int MOST = 10_000;

    private final Cache<Key, Long> failures =
            Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();

    void begin(Key key, long now) {
        failures.put(key, now);
    }

    /** Not for longer if the clock goes back. */
    boolean isOn(Key key, long now) {
        Long failed = failures.getIfPresent(key);
        return failed != null && failed <= now && now - failed < MILLIS;
    }
}
