package io.mutil.s4lru;

/** What a size may be. */
final class Sizes {
    static void check(long size) {
        if (size < 0) {
            throw new IllegalArgumentException("size must not be negative, was " + size);
        }
    }

    static void checkSum(long sum, long more) {
        if (more > Long.MAX_VALUE - sum) {
            throw new IllegalArgumentException(
                    "the sizes of all keys together would pass 2^63-1; evict some first, or count in a larger unit");
        }
    }

    private Sizes() {}
}
