package io.mutil.s4lru;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What an LRU holds, how it comes and goes, and the sums of it. With the lock of the LRU. */
final class Ledger {
    private final Entries entries;
    private final Levels levels;
    private final Policy policy;
    private final Changes changes;
    private final Holds holds;

    private long capacity;
    private long size;
    private long hits;
    private long inserts;
    private long evictions;
    private long evictedSize;
    private long removals;

    /** Takes over what is in the levels already. */
    Ledger(Entries entries, Levels levels, Policy policy, Changes changes, long capacity) {
        this.entries = entries;
        this.levels = levels;
        this.policy = policy;
        this.changes = changes;
        holds = new Holds(entries, levels, policy);
        size = levels.size();
        setCapacity(capacity);
    }

    long capacity() {
        return capacity;
    }

    void setCapacity(long capacity) {
        this.capacity = capacity;
        policy.setCapacity(capacity);
    }

    long size() {
        return size;
    }

    boolean sizesMayChange() {
        return policy.sizesMayChange();
    }

    Survey survey() {
        return new Survey(entries, levels, policy);
    }

    // ---- coming

    /** Adds a key that is not there. */
    void insert(String key, long size, int up) {
        Sizes.checkSum(this.size, size);
        Keys.check(key);
        int level = Math.max(0, Math.min(up, levels.top() + 1) - 1);
        int slot = entries.add(key, size, level);
        this.size += size;
        inserts++;
        changes.inserted(slot, level);
        policy.insert(slot, level, this.size > capacity);
    }

    void touch(int slot, long size, int up) {
        hits++;
        hit(slot, up);
        if (policy.sizesMayChange() && entries.size(slot) != size) {
            resize(slot, size);
        }
    }

    /** A hit that was {@linkplain HitBuffers recorded} some time ago; its key may be gone. */
    void hit(long recorded) {
        if (entries.isCurrent(recorded)) {
            hit(Hit.slot(recorded), Hit.levels(recorded));
        }
    }

    private void hit(int slot, int up) {
        changes.hit(slot);
        policy.hit(slot, up);
    }

    private void resize(int slot, long size) {
        long by = size - entries.size(slot);
        Sizes.checkSum(this.size, by);
        this.size += by;
        holds.resized(slot, by);
        policy.resize(slot, size);
        changes.resized(slot);
    }

    // ---- staying

    boolean pin(String key) {
        int slot = entries.find(key);
        return slot != Entries.NONE && holds.pin(slot);
    }

    boolean unpin(String key) {
        int slot = entries.find(key);
        return slot != Entries.NONE && holds.unpin(slot);
    }

    // ---- going

    boolean remove(String key) {
        int slot = entries.find(key);
        if (slot == Entries.NONE) {
            return false;
        }
        if (entries.is(slot, Entries.ASIDE)) {
            holds.letGo(slot);
        } else {
            levels.unlink(slot);
        }
        removals++;
        free(slot);
        return true;
    }

    /** Gives up what the policy wants to go, at most so many. */
    List<Evicted> evict(int most) {
        var victims = new Ints();
        policy.evict(size - holds.proposedSize(), most, victims);
        return giveUp(victims);
    }

    /** Gives up the coldest until no more than {@code target} is left, at most so many. */
    List<Evicted> evictTo(long target, int most) {
        return giveUp(coldest(target, most));
    }

    private Ints coldest(long target, int most) {
        var victims = new Ints();
        policy.take(size - holds.proposedSize() - target, most, victims);
        return victims;
    }

    private List<Evicted> giveUp(Ints victims) {
        List<Evicted> evicted = evicted(victims);
        for (int i = 0; i < victims.size(); i++) {
            giveUp(victims.get(i));
        }
        return evicted;
    }

    private void giveUp(int slot) {
        evictions++;
        evictedSize += entries.size(slot);
        free(slot);
    }

    private List<Evicted> evicted(Ints victims) {
        var evicted = new ArrayList<Evicted>(victims.size());
        for (int i = 0; i < victims.size(); i++) {
            evicted.add(new Evicted(entries.key(victims.get(i)), entries.size(victims.get(i))));
        }
        return evicted;
    }

    /** An entry that is in no list any more. */
    private void free(int slot) {
        size -= entries.size(slot);
        changes.removed(slot);
        entries.remove(slot);
    }

    // ---- going if the caller says so

    Proposal propose(int most, Function<List<Evicted>, Proposal> made) {
        Ints victims = coldest(capacity, most);
        Proposal proposal = made.apply(evicted(victims));
        for (int i = 0; i < victims.size(); i++) {
            holds.setAside(victims.get(i), proposal);
        }
        return proposal;
    }

    boolean confirm(Proposal proposal, String key) {
        int slot = entries.find(key);
        if (!holds.isPartOf(proposal, slot)) {
            return false;
        }
        holds.letGo(slot);
        giveUp(slot);
        return true;
    }

    boolean giveBack(Proposal proposal, String key) {
        int slot = entries.find(key);
        if (!holds.isPartOf(proposal, slot)) {
            return false;
        }
        holds.putBack(slot);
        return true;
    }

    /** All that there is to count, with what others know. */
    LruStats stats(long recordedHits, int unwritten, boolean failing) {
        return new LruStats(
                hits + recordedHits,
                inserts,
                evictions,
                evictedSize,
                removals,
                capacity,
                size,
                entries.count(),
                holds.count(),
                unwritten,
                failing);
    }
}
