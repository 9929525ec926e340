package io.mutil.dataflow;

/** What an egress does with a client whose outbound queue is full. */
public enum SlowReader {
    /**
     * The egress waits for it, and with it all that sends to this egress, so that nothing is lost. A client that takes
     * no byte at all is disconnected after the server's unwritable time-out, 10 seconds by default. The default.
     */
    WAIT,
    /** The client misses messages until its queue has room; they are counted. Nobody else notices. */
    SKIP,
    /** The client is disconnected with code 1013. Nobody else notices. */
    DISCONNECT
}
