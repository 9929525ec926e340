package io.mutil.s4lru;

import java.sql.SQLException;

/** Takes note of changes under the lock of the LRU, and writes them from the thread of the journal. */
interface Recorder extends Changes {
    /** How many entries one moment of the lock takes at most. */
    int PIECE = 2048;

    /** New keys and removals that are not written yet. With the lock. */
    int waiting();

    /** Whether the journal has grown enough to be folded into the table. */
    boolean wantsFold();

    /** Writes what happened since the last time; takes the lock for short moments. */
    void write(StateFile file) throws SQLException;

    /**
     * Brings the table up to date, with moments for others in between.
     *
     * @param anew whether the journal starts anew after that
     */
    void fold(StateFile file, Breath breath, boolean anew) throws SQLException;

    /** What has to be done while something takes long. */
    interface Breath {
        /** Nobody waits. */
        Breath NONE = new Breath() {
            @Override
            public boolean isDue() {
                return false;
            }

            @Override
            public void take() {}
        };

        /** Whether a transaction should end so that what happened meanwhile can be written. */
        boolean isDue();

        /** Between two transactions. */
        void take() throws SQLException;
    }
}
