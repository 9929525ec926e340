package io.mutil.dataflow;

/** What an egress does with a peer whose outbound queue is full. */
public enum SlowReader {
    /**
     * The egress waits for it, and with it all that sends to this egress, so that nothing is lost. A peer that takes
     * no byte at all is disconnected after the unwritable time-out, 10 seconds by default. The default.
     */
    WAIT,
    /** The peer misses messages until its queue has room; they are counted. Nobody else notices. */
    SKIP,
    /** The peer is disconnected with code 1013. Nobody else notices. */
    DISCONNECT
}
