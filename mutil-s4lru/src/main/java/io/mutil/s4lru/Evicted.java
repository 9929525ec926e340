package io.mutil.s4lru;

import static java.util.Objects.requireNonNull;

/**
 * A key that was given up, or is proposed for it.
 *
 * @param key what the caller named its data by
 * @param size in the caller's units, zero or more
 */
public record Evicted(String key, long size) {
    public Evicted {
        requireNonNull(key, "key");
        Sizes.check(size);
    }
}
