package io.mutil.dataflow;

import java.net.URI;
import java.util.Optional;

/**
 * Which ingress or egress has been opened.
 *
 * @param name of the level
 * @param address where it listens; empty if it does not
 */
public record LevelContext(String name, Optional<URI> address) {}
