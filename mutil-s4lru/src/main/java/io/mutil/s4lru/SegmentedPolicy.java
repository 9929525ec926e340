package io.mutil.s4lru;

import org.jspecify.annotations.Nullable;

/**
 * S4LRU as in Huang et al., "An Analysis of Facebook Photo Caching" (SOSP 2013), section 6: a new key enters at the head
 * of the lowest level, a hit moves it to the head of the next one, a level above its share hands its tail down.
 */
final class SegmentedPolicy implements Policy {
    private final Entries entries;
    private final Levels levels;
    private final Changes changes;
    private final double[] shares;
    private final long[] limits;
    private final @Nullable Admission admission;
    private long capacity;

    SegmentedPolicy(Entries entries, Levels levels, Changes changes, double[] shares, @Nullable Admission admission) {
        this.entries = entries;
        this.levels = levels;
        this.changes = changes;
        this.shares = shares;
        this.admission = admission;
        limits = new long[shares.length];
    }

    @Override
    public void setCapacity(long capacity) {
        this.capacity = capacity;
        for (int level = 0; level < limits.length; level++) {
            limits[level] = (long) (capacity * shares[level]);
        }
        for (int level = levels.top(); level > 0; level--) {
            handDown(level);
        }
    }

    @Override
    public long capacity(int level) {
        return limits[level];
    }

    @Override
    public void insert(int slot, int level, boolean full) {
        levels.pushHead(slot, level);
        if (admission != null) {
            admission.seen(entries.hash(slot), entries.count());
            if (full) {
                admission.propose(slot);
            }
        }
        shed(level);
    }

    @Override
    public void hit(int slot, int up) {
        if (admission != null) {
            admission.seen(entries.hash(slot), entries.count());
            entries.clear(slot, Entries.CANDIDATE);
        }
        int level = entries.level(slot);
        int target = Math.min(level + up, levels.top());
        if (entries.is(slot, Entries.ASIDE)) {
            entries.setLevel(slot, target);
            changes.moved(slot);
        } else if (level != target) {
            levels.unlink(slot);
            levels.pushHead(slot, target);
            changes.moved(slot);
            shed(target);
        } else if (levels.head(level) != slot) {
            levels.refresh(slot);
            changes.moved(slot);
        }
    }

    @Override
    public boolean sizesMayChange() {
        return true;
    }

    @Override
    public void resize(int slot, long size) {
        if (!entries.is(slot, Entries.ASIDE)) {
            levels.resized(slot, size - entries.size(slot));
        }
        entries.setSize(slot, size);
        shed(entries.level(slot));
    }

    @Override
    public void restore(int slot) {
        int level = entries.level(slot);
        levels.pushHead(slot, level);
        changes.moved(slot);
        shed(level);
    }

    /** A level has grown: it may hand entries down, and so may those below that get them. */
    private void shed(int grown) {
        for (int level = grown; level > 0 && levels.size(level) > limits[level]; level--) {
            handDown(level);
        }
    }

    private void handDown(int level) {
        while (levels.size(level) > limits[level]) {
            int slot = levels.tail(level);
            levels.unlink(slot);
            levels.pushHead(slot, level - 1);
            changes.moved(slot);
        }
    }

    @Override
    public void evict(long total, int most, Ints victims) {
        take(total - capacity, most, victims);
    }

    @Override
    public void take(long excess, int most, Ints victims) {
        long left = excess;
        while (left > 0 && victims.size() < most) {
            int victim = coldest();
            if (victim == Entries.NONE) {
                return;
            }
            if (admission != null) {
                victim = admission.weigh(victim);
            }
            levels.unlink(victim);
            victims.add(victim);
            left -= entries.size(victim);
        }
    }

    private int coldest() {
        for (int level = 0; level <= levels.top(); level++) {
            if (!levels.isEmpty(level)) {
                return levels.tail(level);
            }
        }
        return Entries.NONE;
    }
}
