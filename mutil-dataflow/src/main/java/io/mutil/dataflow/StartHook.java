package io.mutil.dataflow;

import java.io.Serializable;

/**
 * Told that an ingress or egress is open, before the first item enters the topology.
 *
 * <pre>{@code
 * WebSocketEgress.listen("127.0.0.1", 0, codec)
 *         .onStart(level -> announce(level.name(), level.address().orElseThrow()));
 * }</pre>
 */
@FunctionalInterface
public interface StartHook extends Serializable {
    /**
     * Called once for each start, on the thread that starts the topology. For a sink that {@link Supervision} has start again,
     * also before that, on another thread that may block.
     *
     * @throws Exception anything; the topology then does not start, and everything opened is closed. When a sink starts again it
     *     counts as one more failure
     */
    void started(LevelContext level) throws Exception;
}
