package io.mutil.s4lru;

import java.util.List;

/**
 * Keys that an {@link S4Lru} would give up, until the caller says of each whether its data are gone.
 *
 * <p>Closing gives back what was not confirmed. Meanwhile the keys count with their sizes, can be touched, cannot be pinned,
 * and no other eviction takes them.
 *
 * <pre>{@code
 * try (Proposal proposal = lru.propose(100)) {
 *     for (Evicted old : proposal.keys()) {
 *         Files.deleteIfExists(blobs.resolve(old.key()));
 *         proposal.confirm(old.key());
 *     }
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads.
 */
public final class Proposal implements AutoCloseable {
    private final S4Lru lru;
    private final List<Evicted> keys;

    Proposal(S4Lru lru, List<Evicted> keys) {
        this.lru = lru;
        this.keys = List.copyOf(keys);
    }

    /** Coldest first. */
    public List<Evicted> keys() {
        return keys;
    }

    /**
     * Gives the key up: its data are gone.
     *
     * @return false if it was confirmed or given back before, removed meanwhile, or never part of this; also once the LRU is
     *     closed, and then the state still has the key though its data are gone
     */
    public boolean confirm(String key) {
        return lru.confirm(this, key);
    }

    /**
     * Keeps the key, at the hot end of its level, so that it is not the next to be proposed again.
     *
     * @return false if it was confirmed or given back before, removed meanwhile, or never part of this; also once the LRU is
     *     closed, and then the state has the key anyway
     */
    public boolean giveBack(String key) {
        return lru.giveBack(this, key);
    }

    /** Gives back what was not confirmed. */
    @Override
    public void close() {
        for (Evicted key : keys) {
            giveBack(key.key());
        }
    }
}
