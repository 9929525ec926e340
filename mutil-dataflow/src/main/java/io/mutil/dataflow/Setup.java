package io.mutil.dataflow;

import java.io.Serializable;

/**
 * Changes what a network level's server or client allows: limits of messages and queues, time-outs, origins, back-off.
 *
 * <pre>{@code
 * Setup<WebSocketServer.Builder> large = server -> server.maxMessageBytes(64 << 20);
 * }</pre>
 *
 * @param <B> the builder of the server or client
 */
@FunctionalInterface
public interface Setup<B> extends Serializable {
    /** Sets options; address, transport, event loops and what is done with connections, or without one, are the topology's. */
    void apply(B options);
}
