package io.mutil.s4lru;

/**
 * Counters since the LRU was opened, and what it holds now.
 *
 * @param hits touches of keys that were there; counted without synchronisation, a few may be missed between threads
 * @param inserts touches that brought a new key
 * @param evictions keys given up, confirmed ones included
 * @param evictedSize the sizes of those, together
 * @param removals keys that were removed
 * @param capacity in the caller's units
 * @param size of all keys, together
 * @param count how many keys there are
 * @param held how many of them are pinned or proposed
 * @param unwritten new keys and removals that the state file does not know yet
 * @param failing whether the last attempt to write the state file failed; tried again by itself
 */
public record LruStats(
        long hits,
        long inserts,
        long evictions,
        long evictedSize,
        long removals,
        long capacity,
        long size,
        int count,
        int held,
        int unwritten,
        boolean failing) {}
