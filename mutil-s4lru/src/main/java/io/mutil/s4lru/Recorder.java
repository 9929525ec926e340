package io.mutil.s4lru;

import java.sql.SQLException;

/** Takes note of changes under the lock of the LRU, and writes them from the thread of the journal. */
interface Recorder extends Changes {
    /** New keys and removals that are not written yet. With the lock. */
    int waiting();

    /** Whether the journal has grown enough to be folded into the table. */
    boolean wantsFold();

    /** Writes what happened since the last time; takes the lock for short moments. */
    void write(StateFile file) throws SQLException;

    /**
     * Brings the table up to date.
     *
     * @param breath called between transactions; may {@linkplain #write}
     */
    void fold(StateFile file, Breath breath) throws SQLException;

    /** A moment between two transactions. */
    interface Breath {
        void pause() throws SQLException;
    }
}
