package io.mutil.dataflow;

import io.mutil.server.Keys;
import java.io.IOException;
import java.io.Serializable;

/**
 * Opens the keys of a framed level, so that they are read where the level runs and never travel with the topology.
 *
 * <pre>{@code
 * KeySource keys = () -> Keys.of(Files.readAllBytes(Path.of("feed.key")));
 * }</pre>
 */
@FunctionalInterface
public interface KeySource extends Serializable {
    /**
     * Opens keys that the level owns: called once for each start, and closed when the level has ended.
     *
     * @throws IOException if they cannot be read; the topology then does not start
     */
    Keys open() throws IOException;
}
