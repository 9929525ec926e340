package io.mutil.s4lru;

import static java.util.Objects.requireNonNull;

/**
 * One key as it stood when it was asked for.
 *
 * @param key what the caller named its data by
 * @param size in the caller's units, zero or more
 * @param level 0 for the coldest level
 * @param held whether it is pinned, or part of an open {@link Proposal}
 */
public record Entry(String key, long size, int level, boolean held) {
    public Entry {
        requireNonNull(key, "key");
        Sizes.check(size);
    }
}
