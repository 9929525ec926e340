package io.mutil.server;

/** What happens to a message that does not fit into the outbound queue of a connection. */
public enum Overflow {
    /** The message is refused and the connection stays: the sender decides what to do with it. */
    REJECT,

    /** The message is refused and the connection is closed with code 1013: the peer is too slow for this feed. */
    CLOSE
}
