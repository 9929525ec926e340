/**
 * Topologies: items enter at an ingress, pass levels of workers, and leave at one or more egresses.
 *
 * <p>Start at {@link io.mutil.dataflow.Dataflow}.
 */
@NullMarked
package io.mutil.dataflow;

import org.jspecify.annotations.NullMarked;
