package io.mutil.s4lru;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The arrays of {@link Entries}, replaced together when one of them has to grow, so that readers see such as fit.
 *
 * <p>Keys, sizes and index are apart from the words, as these change with every move: a thread that looks a key up does not
 * wait for the cache lines that another one's moves have written.
 */
final class Arena {
    /** Of each slot. */
    static final int WORDS = 6;

    static final int PREVIOUS = 0;
    static final int NEXT = 1;
    static final int HASH = 2;
    static final int STATE = 3;
    static final int MOVE = 4;

    final int[] words;
    final long[] sizes;
    final @Nullable String[] keys;
    /** In each place the hash above, the slot plus one below; zero is a free place. */
    final long[] index;

    final long seed;

    Arena() {
        this(new int[16 * WORDS], new long[16], new @Nullable String[16], new long[32], 0);
    }

    private Arena(int[] words, long[] sizes, @Nullable String[] keys, long[] index, long seed) {
        this.words = words;
        this.sizes = sizes;
        this.keys = keys;
        this.index = index;
        this.seed = seed;
    }

    /** The same with room for more slots, over the same index. */
    Arena withRoom(int slots) {
        return new Arena(
                Arrays.copyOf(words, slots * WORDS),
                Arrays.copyOf(sizes, slots),
                Arrays.copyOf(keys, slots),
                index,
                seed);
    }

    /** The same slots, with an index that is empty yet. */
    Arena withIndex(int places, long seed) {
        return new Arena(words, sizes, keys, new long[places], seed);
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
            long place = index[at];
            int slot = slot(place);
            // the index may be one that larger arrays share, with an entry that these have no room for
            if (slot < 0 || slot >= keys.length) {
                return Entries.NONE;
            }
            if (hash(place) == hash && key.equals(keys[slot])) {
                return slot;
            }
        }
    }

    private static int slot(long place) {
        return (int) place - 1;
    }

    private static int hash(long place) {
        return (int) (place >>> 32);
    }

    long move(int slot) {
        int at = slot * WORDS + MOVE;
        return (words[at] & 0xFFFFFFFFL) | (long) words[at + 1] << 32;
    }

    void setMove(int slot, long number) {
        int at = slot * WORDS + MOVE;
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
        index[at] = (long) hash << 32 | (slot + 1);
        return probes;
    }

    void leave(int slot, int hash) {
        int mask = index.length - 1;
        int gap = hash & mask;
        while (slot(index[gap]) != slot) {
            gap = (gap + 1) & mask;
        }
        for (int at = (gap + 1) & mask; index[at] != 0; at = (at + 1) & mask) {
            int home = hash(index[at]) & mask;
            if (((at - home) & mask) >= ((at - gap) & mask)) {
                index[gap] = index[at];
                gap = at;
            }
        }
        index[gap] = 0;
    }
}
