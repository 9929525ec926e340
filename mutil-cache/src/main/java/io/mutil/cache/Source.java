package io.mutil.cache;

/** Where an answer came from. */
public enum Source {
    /** The memory tier. */
    MEMORY,
    /** The disk. */
    DISK,
    /** A fetch that this call began or joined, or a revalidation that confirmed what was stored. */
    NETWORK,
    /** Memory or disk, though it was due: a refresh is under way or has failed. */
    STALE
}
