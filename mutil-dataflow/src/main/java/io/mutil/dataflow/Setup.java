package io.mutil.dataflow;

import io.mutil.server.WebSocketServer;
import java.io.Serializable;

/** Changes what a network level's server allows: message and queue limits, time-outs, origins, compression. */
@FunctionalInterface
public interface ServerSetup extends Serializable {
    /** Sets options; address, transport and event loops are the topology's. */
    void apply(WebSocketServer.Builder server);
}
