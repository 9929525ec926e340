package io.mutil.dataflow;

/** Where the items of a conversation come from; used on its event loop. */
interface Origin {
    /** Stops reading, as soon as possible. */
    void pause();

    /** Reads, or reads again. */
    void resume();

    /** Takes note that the edge had no room for some items of one message, and was told to refuse them. */
    default void refused(int items, int ofThese) {}
}
