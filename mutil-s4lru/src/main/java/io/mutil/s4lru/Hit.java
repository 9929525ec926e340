package io.mutil.s4lru;

/**
 * A hit in one long that is not negative: the slot in the lower 32 bits, 25 bits of the key's hash above it, so that a slot
 * that was taken by another key meanwhile is told apart, and on top how many levels the key goes up.
 */
final class Hit {
    private static final int HASH_SHIFT = 32;
    private static final int HASH_BITS = 25;
    private static final int LEVELS_SHIFT = HASH_SHIFT + HASH_BITS;

    static long of(int slot, int hash) {
        return (long) bits(hash) << HASH_SHIFT | slot;
    }

    /** The same, of a key that goes up. */
    static long up(int levels, long hit) {
        return (long) Math.min(levels, Entries.MAX_LEVELS - 1) << LEVELS_SHIFT | hit;
    }

    static int slot(long hit) {
        return (int) hit;
    }

    static int levels(long hit) {
        return (int) (hit >>> LEVELS_SHIFT);
    }

    static boolean hasHash(long hit, int hash) {
        return ((int) (hit >>> HASH_SHIFT) & ((1 << HASH_BITS) - 1)) == bits(hash);
    }

    private static int bits(int hash) {
        return hash >>> (Integer.SIZE - HASH_BITS);
    }

    private Hit() {}
}
