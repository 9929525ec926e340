package io.mutil.s4lru;

import java.util.ArrayList;
import java.util.List;

/** Lists of what an LRU holds, as it is at one moment. With the lock of the LRU. */
final class Survey {
    private final Entries entries;
    private final Levels levels;
    private final Policy policy;

    Survey(Entries entries, Levels levels, Policy policy) {
        this.entries = entries;
        this.levels = levels;
        this.policy = policy;
    }

    List<LevelStats> levels() {
        var all = new ArrayList<LevelStats>();
        for (int level = 0; level <= levels.top(); level++) {
            all.add(new LevelStats(level, policy.capacity(level), levels.size(level), levels.count(level)));
        }
        return all;
    }

    /** Coldest first; what is held, and so in no level, comes last. */
    List<Entry> coldest(int most) {
        int wanted = Math.min(most, entries.count());
        var all = new ArrayList<Entry>(wanted);
        for (int level = 0; level <= levels.top(); level++) {
            for (int slot = levels.tail(level); slot != level && all.size() < wanted; slot = entries.previous(slot)) {
                all.add(entry(slot));
            }
        }
        for (int slot = 0; slot < entries.used() && all.size() < wanted; slot++) {
            if (entries.is(slot, Entries.ASIDE)) {
                all.add(entry(slot));
            }
        }
        return all;
    }

    private Entry entry(int slot) {
        return new Entry(entries.key(slot), entries.size(slot), entries.level(slot), entries.is(slot, Entries.ASIDE));
    }
}
