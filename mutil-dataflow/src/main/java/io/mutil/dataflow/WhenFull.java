package io.mutil.dataflow;

/** What happens to an item for which an edge has no room. */
public enum WhenFull {
    /** The sender waits; at an ingress, reading from that client stops until there is room. */
    BLOCK,
    /** The oldest queued item is dropped and counted. */
    DROP_OLDEST,
    /** The new item is dropped and counted. */
    DROP_NEWEST,
    /** The sender gets an {@link EdgeFullException}; a client of an ingress gets an error object. */
    FAIL
}
