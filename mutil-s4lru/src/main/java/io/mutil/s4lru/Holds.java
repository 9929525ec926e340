package io.mutil.s4lru;

import java.util.HashMap;
import java.util.Map;

/** What keeps entries out of the levels, so that no eviction takes them: pins, or one proposal. With the lock of the LRU. */
final class Holds {
    private final Entries entries;
    private final Levels levels;
    private final Policy policy;
    private final Map<Integer, Integer> pins = new HashMap<>();
    private final Map<Integer, Proposal> proposals = new HashMap<>();
    private long proposedSize;

    Holds(Entries entries, Levels levels, Policy policy) {
        this.entries = entries;
        this.levels = levels;
        this.policy = policy;
    }

    /** How many entries are held. */
    int count() {
        return pins.size() + proposals.size();
    }

    /** Of the entries that are proposed, and so count as gone when others are chosen. */
    long proposedSize() {
        return proposedSize;
    }

    /** Tells whether it is pinned now: what is proposed cannot be. */
    boolean pin(int slot) {
        if (proposals.containsKey(slot)) {
            return false;
        }
        if (pins.merge(slot, 1, Math::addExact) == 1) {
            levels.unlink(slot);
            entries.set(slot, Entries.ASIDE);
        }
        return true;
    }

    /** Tells whether it was pinned. */
    boolean unpin(int slot) {
        Integer pinned = pins.get(slot);
        if (pinned == null) {
            return false;
        }
        if (pinned > 1) {
            pins.put(slot, pinned - 1);
        } else {
            putBack(slot);
        }
        return true;
    }

    /** Makes an entry that is in no list part of a proposal. */
    void setAside(int slot, Proposal proposal) {
        entries.set(slot, Entries.ASIDE);
        proposals.put(slot, proposal);
        proposedSize += entries.size(slot);
    }

    boolean isPartOf(Proposal proposal, int slot) {
        return proposals.get(slot) == proposal;
    }

    void resized(int slot, long by) {
        if (entries.is(slot, Entries.ASIDE) && proposals.containsKey(slot)) {
            proposedSize += by;
        }
    }

    /** Ends what holds an entry, and puts it into its level. */
    void putBack(int slot) {
        letGo(slot);
        policy.restore(slot);
    }

    /** Ends what holds an entry, which is in no list then. */
    void letGo(int slot) {
        if (proposals.remove(slot) == null) {
            pins.remove(slot);
        } else {
            proposedSize -= entries.size(slot);
        }
        entries.clear(slot, Entries.ASIDE);
    }
}
