package io.mutil.s4lru;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The arrays of {@link Entries}, replaced together when one of them has to grow, so that readers see three that fit. The
 * index holds slots, each plus one; zero is a free place.
 */
final class Arena {
    /** Of each slot. */
    static final int WORDS = 8;

    static final int PREVIOUS = 0;
    static final int NEXT = 1;
    static final int HASH = 2;
    static final int STATE = 3;
    static final int SIZE = 4;
    static final int MOVE = 6;

    final int[] words;
    final @Nullable String[] keys;
    final int[] index;
    final long seed;

    Arena() {
        this(new int[16 * WORDS], new @Nullable String[16], new int[32], 0);
    }

    private Arena(int[] words, @Nullable String[] keys, int[] index, long seed) {
        this.words = words;
        this.keys = keys;
        this.index = index;
        this.seed = seed;
    }

    /** The same with room for more slots, over the same index. */
    Arena withRoom(int slots) {
        return new Arena(Arrays.copyOf(words, slots * WORDS), Arrays.copyOf(keys, slots), index, seed);
    }

    /** The same slots, with an index that is empty yet. */
    Arena withIndex(int places, long seed) {
        return new Arena(words, keys, new int[places], seed);
    }

    int hash(String key) {
        return seed == 0 ? spread(key.hashCode()) : seeded(key);
    }

    private static int spread(int hashCode) {
        int h = hashCode * 0x9E3779B9;
        return h ^ (h >>> 16);
    }

    private int seeded(String key) {
        long h = seed;
        for (int i = 0; i < key.length(); i++) {
            h = Long.rotateLeft((h ^ key.charAt(i)) * 0x9E3779B97F4A7C15L, 29);
        }
        h *= seed | 1;
        return (int) (h ^ (h >>> 32));
    }

    int find(String key, int hash) {
        int mask = index.length - 1;
        for (int at = hash & mask; ; at = (at + 1) & mask) {
            int slot = index[at] - 1;
            // the index may be one that larger arrays share, with an entry that these have no room for
            if (slot < 0 || slot >= keys.length) {
                return Entries.NONE;
            }
            if (words[slot * WORDS + HASH] == hash && key.equals(keys[slot])) {
                return slot;
            }
        }
    }

    long number(int at) {
        return (words[at] & 0xFFFFFFFFL) | (long) words[at + 1] << 32;
    }

    void setNumber(int at, long number) {
        words[at] = (int) number;
        words[at + 1] = (int) (number >>> 32);
    }

    /** Tells how many places were taken on the way. */
    int enter(int slot, int hash) {
        int mask = index.length - 1;
        int probes = 0;
        int at = hash & mask;
        for (; index[at] != 0; at = (at + 1) & mask) {
            probes++;
        }
        index[at] = slot + 1;
        return probes;
    }

    void leave(int slot, int hash) {
        int mask = index.length - 1;
        int gap = hash & mask;
        while (index[gap] != slot + 1) {
            gap = (gap + 1) & mask;
        }
        for (int at = (gap + 1) & mask; index[at] != 0; at = (at + 1) & mask) {
            int home = words[(index[at] - 1) * WORDS + HASH] & mask;
            if (((at - home) & mask) >= ((at - gap) & mask)) {
                index[gap] = index[at];
                gap = at;
            }
        }
        index[gap] = 0;
    }
}
