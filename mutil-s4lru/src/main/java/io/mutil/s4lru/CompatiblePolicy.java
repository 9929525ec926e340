package io.mutil.s4lru;

/**
 * The rules of the Python library: a new key enters at the tail of its level, known sizes stay, levels are brought to
 * their equal share only by an eviction, lowest level first, in one pass that ends after 26 keys.
 */
final class CompatiblePolicy implements Policy {
    private static final int BATCH = 26;

    private final Entries entries;
    private final Levels levels;
    private final Changes changes;
    private long perLevel;

    CompatiblePolicy(Entries entries, Levels levels, Changes changes) {
        this.entries = entries;
        this.levels = levels;
        this.changes = changes;
    }

    @Override
    public void setCapacity(long capacity) {
        perLevel = capacity / (levels.top() + 1);
    }

    @Override
    public long capacity(int level) {
        return perLevel;
    }

    @Override
    public void insert(int slot, int level, boolean full) {
        levels.pushTail(slot, level);
    }

    @Override
    public void hit(int slot, int up) {
        int target = Math.min(entries.level(slot) + up, levels.top());
        if (entries.is(slot, Entries.ASIDE)) {
            entries.setLevel(slot, target);
        } else {
            levels.unlink(slot);
            levels.pushHead(slot, target);
        }
        changes.moved(slot);
    }

    @Override
    public boolean sizesMayChange() {
        return false;
    }

    @Override
    public void resize(int slot, long size) {
        // the size that a key came with is kept
    }

    @Override
    public void restore(int slot) {
        levels.pushHead(slot, entries.level(slot));
    }

    @Override
    public void evict(long total, int most, Ints victims) {
        int batch = Math.min(most, BATCH);
        for (int level = 0; level <= levels.top() && victims.size() < batch; level++) {
            while (levels.size(level) > perLevel && victims.size() < batch) {
                int slot = levels.tail(level);
                levels.unlink(slot);
                if (level == 0) {
                    victims.add(slot);
                } else {
                    levels.pushHead(slot, level - 1);
                }
            }
        }
    }

    @Override
    public void take(long excess, int most, Ints victims) {
        long left = excess;
        for (int level = 0; level <= levels.top(); level++) {
            while (left > 0 && victims.size() < most && !levels.isEmpty(level)) {
                int slot = levels.tail(level);
                levels.unlink(slot);
                victims.add(slot);
                left -= entries.size(slot);
            }
        }
    }
}
