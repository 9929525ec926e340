package io.mutil.s4lru;

/** A segmented LRU. */
public final class S4Lru {
    private S4Lru() {}
}
