package io.mutil.s4lru;

/** What happens to entries, for whoever keeps them. Called with the lock of the LRU. */
interface Changes {
    /** For an LRU in memory only. */
    Changes IGNORED = new Changes() {
        @Override
        public void inserted(int slot, int level) {}

        @Override
        public void hit(int slot) {}

        @Override
        public void moved(int slot) {}

        @Override
        public void resized(int slot) {}

        @Override
        public void removed(int slot) {}
    };

    void inserted(int slot, int level);

    void hit(int slot);

    /** The entry is at the hot end of its level now. */
    void moved(int slot);

    void resized(int slot);

    /** The slot is about to be freed. */
    void removed(int slot);
}
