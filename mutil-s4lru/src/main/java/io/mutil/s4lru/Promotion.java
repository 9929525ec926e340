package io.mutil.s4lru;

/**
 * How many levels a key goes up when it is hit.
 *
 * <p>A new key starts that many levels above the lowest less one: with one, the default, at the lowest. No key passes the
 * highest level. The function is called by the thread that touches, outside of any lock, for each touch: it has to be fast
 * and safe for many threads.
 */
@FunctionalInterface
public interface Promotion {
    /** One level for each hit, as in the paper. */
    Promotion ONE_LEVEL = (key, size) -> 1;

    /**
     * Small keys climb faster, because giving up one large key makes room for many: four levels below 1 MiB, three below
     * 2 MiB, two below 3 MiB, one from there on. For sizes in bytes; the rule of the Python library.
     */
    Promotion SMALL_FIRST = (key, size) -> (int) Math.max(1, 4 - (size >> 20));

    /**
     * Decides for one touch.
     *
     * @param size as passed to the touch
     * @return zero or more; zero keeps a key in its level, at the hot end
     */
    int levels(String key, long size);
}
