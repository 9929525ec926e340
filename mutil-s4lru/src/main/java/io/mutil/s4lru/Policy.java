package io.mutil.s4lru;

/** Where entries go, and which are given up. Called with the lock of the LRU. */
interface Policy {
    /**
     * Places an entry that was just added.
     *
     * @param full whether the total is above the capacity now
     */
    void insert(int slot, int level, boolean full);

    void hit(int slot, int levels);

    /** Whether a touch may bring another size. */
    boolean sizesMayChange();

    /** Accounts for another size. */
    void resize(int slot, long size);

    /** Puts an entry that was in no list back into its level. */
    void restore(int slot);

    /** The capacity is another one, or a state was loaded. */
    void setCapacity(long capacity);

    long capacity(int level);

    /** Takes what the policy gives up at this total out of the lists. */
    void evict(long total, int most, Ints victims);

    /** Takes the coldest out of the lists, until {@code excess} of size is gone. */
    void take(long excess, int most, Ints victims);
}
