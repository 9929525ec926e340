package io.mutil.s4lru;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * TinyLFU: a new key stays only if it was asked for more often than the victim that would make room for it. See Einziger,
 * Friedman, Manes, "TinyLFU: A Highly Efficient Cache Admission Policy" (2017).
 *
 * <p>Keys that came while the cache was full wait here, in order, until an eviction weighs them.
 */
final class Admission {
    /** A candidate this frequent that loses is let in now and then: nobody can keep others out by a forged history. */
    private static final int JITTER_FROM = 6;

    private final Entries entries;
    private final RandomGenerator random;
    private final FrequencySketch sketch = new FrequencySketch();
    /** Each slot once, so that those that went unweighed do not pile up. */
    private final Set<Integer> candidates = new LinkedHashSet<>();

    Admission(Entries entries, RandomGenerator random) {
        this.entries = entries;
        this.random = random;
    }

    void seen(int hash, int count) {
        sketch.ensureCapacity(count);
        sketch.increment(hash);
    }

    void propose(int slot) {
        entries.set(slot, Entries.CANDIDATE);
        // one that is there is of an entry that had the slot before
        candidates.remove(slot);
        candidates.add(slot);
    }

    /** Tells who has to go: the victim, or the oldest candidate. */
    int weigh(int victim) {
        int candidate = next();
        if (candidate == Entries.NONE || candidate == victim) {
            return victim;
        }
        return admits(candidate, victim) ? victim : candidate;
    }

    private int next() {
        for (var waiting = candidates.iterator(); waiting.hasNext(); ) {
            int slot = waiting.next();
            waiting.remove();
            boolean unweighed = entries.is(slot, Entries.CANDIDATE);
            entries.clear(slot, Entries.CANDIDATE);
            if (unweighed && !entries.is(slot, Entries.ASIDE)) {
                return slot;
            }
        }
        return Entries.NONE;
    }

    int waiting() {
        return candidates.size();
    }

    private boolean admits(int candidate, int victim) {
        int mine = sketch.frequency(entries.hash(candidate));
        int theirs = sketch.frequency(entries.hash(victim));
        return mine > theirs || (mine >= JITTER_FROM && random.nextInt(128) == 0);
    }
}
